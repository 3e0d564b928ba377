package io.loomftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.BasicConfigurator;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide warns of Logback without a configuration, and its configuration keeps the conversation out of the log. */
class GuideLoggingTest {
  private static final Pattern CONFIGURATION = Pattern.compile("```xml\n(<configuration>.*?</configuration>)\n```",
      Pattern.DOTALL);
  private static final Pattern CONVERSATION =
      Pattern.compile("\\| `(io\\.loomftp\\.[\\w.]+)` \\| DEBUG \\| the control conversation");

  private final LoggerContext context = new LoggerContext();

  private static Matcher find(Pattern pattern) throws Exception {
    Matcher matcher = pattern.matcher(Files.readString(Path.of("GUIDE.md")));
    assertTrue(matcher.find(), pattern.pattern());
    return matcher;
  }

  private Logger conversation() throws Exception {
    String logger = find(CONVERSATION).group(1);
    assertEquals(logger, Class.forName(logger).getName(), "the guide names the class that logs");
    return context.getLogger(logger);
  }

  private void configure(String xml) throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(new ByteArrayInputStream(SessionFixture.bytes(xml)));
  }

  @Test
  void logbackWithoutAConfigurationLogsTheConversation() throws Exception {
    BasicConfigurator unconfigured = new BasicConfigurator();
    unconfigured.setContext(context);
    unconfigured.configure(context);
    assertTrue(conversation().isDebugEnabled(), "else the warning of the guide is out of date");
  }

  @Test
  void theConfigurationOfTheGuideKeepsTheConversationOut() throws Exception {
    configure(find(CONFIGURATION).group(1));
    assertFalse(conversation().isInfoEnabled());
    assertTrue(conversation().isWarnEnabled());
    assertEquals(List.of("console"), appenders());
  }

  private List<String> appenders() {
    return java.util.stream.Stream.of("console")
        .filter(name -> context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(name) != null)
        .toList();
  }
}
