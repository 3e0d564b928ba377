package io.loomftp.examples.samples;

import io.loomftp.ErrorKind;
import io.loomftp.Ftp;
import io.loomftp.FtpConfig;
import io.loomftp.FtpEntry;
import io.loomftp.FtpException;
import io.loomftp.FtpInputStream;
import io.loomftp.FtpLocalException;
import io.loomftp.FtpOutputStream;
import io.loomftp.FtpReplyException;
import io.loomftp.FtpSession;
import io.loomftp.FtpTlsException;
import io.loomftp.Listing;
import io.loomftp.TlsPolicy;
import io.loomftp.TransferResult;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** The steps of the demo, in order. */
final class Tour {
  private static final int BYTES = 300_000;
  private static final int SESSIONS = 20;
  private static final String FOREIGN = "Grüße 日本語.txt";

  private final FtpConfig config;
  private final Path local;
  private final Narrator narrator;

  Tour(FtpConfig config, Path local, Narrator narrator) {
    this.config = config;
    this.local = local;
    this.narrator = narrator;
  }

  void all() throws IOException, InterruptedException {
    Path original = original();
    narrator.step("Connect, TLS, log in: the script has a session and a virtual thread of its own");
    narrator.code("Ftp.run(config, ftp -> { ... })   // config: .tls(TlsPolicy.explicit().withContext(ownAuthority))");
    Ftp.run(
        config.toBuilder().listener(narrator).build(),
        ftp -> {
          welcome(ftp);
          folders(ftp);
          upload(ftp, original);
          list(ftp);
          download(ftp, original);
          resume(ftp, original);
          rename(ftp);
          refusal(ftp);
          takeBack(ftp);
          delete(ftp);
          narrator.step("Good-bye, when the script ends");
          return ftp.greeting();
        });
    stranger();
    many();
  }

  private Path original() throws IOException {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = (byte) (i * 7 + (i >> 9));
    }
    return Files.write(local.resolve("original.bin"), bytes);
  }

  private void welcome(FtpSession ftp) throws IOException {
    Thread thread = Thread.currentThread();
    narrator.check(thread.isVirtual(), "this runs on the virtual thread " + thread.getName());
    narrator.check(ftp.features().has("MLST"), "the server announced machine-readable listings");
    narrator.check(
        ftp.transcript().stream().noneMatch(line -> line.contains(EmbeddedServer.PASSWORD) && line.contains("PASS")),
        "the password is in no transcript");
  }

  private void folders(FtpSession ftp) throws IOException {
    narrator.step("Make folders, go into one");
    narrator.code("ftp.mkdir(\"/tour\"); ftp.mkdir(\"/tour/attic\"); ftp.cd(\"/tour\");");
    ftp.mkdir("/tour");
    ftp.mkdir("/tour/attic");
    ftp.cd("/tour");
    narrator.check(ftp.pwd().equals("/tour"), "pwd() says /tour");
  }

  private void upload(FtpSession ftp, Path original) throws IOException {
    narrator.step("Upload a file, a text written on the way, and a line more");
    narrator.code("TransferResult result = ftp.put(file, \"data.bin\");");
    TransferResult result = ftp.put(original, "data.bin");
    narrator.check(
        result.bytes() == BYTES && result.reply().orElseThrow().isCompletion(), BYTES + " bytes, and the server confirmed them");
    narrator.check(
        result.protection().isPresent() && result.protection().get().resumed(),
        "the data connection resumed the TLS session of the control connection");
    narrator.code("ftp.put(\"" + FOREIGN + "\", out -> out.write(...));");
    ftp.put(FOREIGN, out -> out.write("first line\n".getBytes(StandardCharsets.UTF_8)));
    narrator.code("try (FtpOutputStream out = ftp.append(\"" + FOREIGN + "\")) { out.write(...); }");
    try (FtpOutputStream out = ftp.append(FOREIGN)) {
      out.write("second line\n".getBytes(StandardCharsets.UTF_8));
    }
    narrator.check(ftp.size(FOREIGN) == 23, "both lines are there");
  }

  private void list(FtpSession ftp) throws IOException {
    narrator.step("List, entry by entry as they arrive");
    narrator.code("try (Listing rows = ftp.list()) { for (FtpEntry row : rows) ... }");
    List<FtpEntry> found = new ArrayList<>();
    try (Listing rows = ftp.list()) {
      for (FtpEntry row : rows) {
        narrator.show(row);
        found.add(row);
      }
    }
    narrator.check(
        found.stream().map(FtpEntry::name).sorted().toList().equals(List.of(FOREIGN, "attic", "data.bin")),
        "three names, as they were given");
    narrator.check(
        found.stream().anyMatch(row -> row.name().equals("data.bin") && row.size().orElse(-1) == BYTES)
            && found.stream().anyMatch(row -> row.name().equals("attic") && row.isDirectory()),
        "types and sizes are right");
  }

  private void download(FtpSession ftp, Path original) throws IOException {
    narrator.step("Download and compare");
    narrator.code("ftp.get(\"data.bin\", copy);   // to copy.part, checked, then moved into place");
    Path copy = local.resolve("copy.bin");
    ftp.get("data.bin", copy);
    narrator.check(Files.mismatch(original, copy) == -1, "the copy equals the original byte for byte");
  }

  private void resume(FtpSession ftp, Path original) throws IOException {
    narrator.step("An interrupted download continues where it stopped");
    Path copy = local.resolve("resumed.bin");
    narrator.code("try (FtpInputStream in = ftp.get(\"data.bin\")) { in.readNBytes(100_000); }   // closed too early");
    try (FtpInputStream in = ftp.get("data.bin")) {
      Files.write(copy, in.readNBytes(100_000));
    }
    narrator.check(ftp.isOpen(), "the transfer was aborted, the session is usable");
    narrator.code("try (FtpInputStream in = ftp.getFrom(\"data.bin\", 100_000)) { in.transferTo(file); }");
    try (FtpInputStream in = ftp.getFrom("data.bin", 100_000);
        OutputStream out = Files.newOutputStream(copy, StandardOpenOption.APPEND)) {
      long rest = in.transferTo(out);
      narrator.check(rest == BYTES - 100_000, "only the missing " + rest + " bytes were sent");
    }
    narrator.check(Files.mismatch(original, copy) == -1, "both parts together equal the original");
  }

  private void rename(FtpSession ftp) throws IOException {
    narrator.step("Rename");
    narrator.code("ftp.rename(\"data.bin\", \"attic/old.bin\");");
    ftp.rename("data.bin", "attic/old.bin");
    narrator.check(ftp.exists("attic/old.bin") && !ftp.exists("data.bin"), "it is in the attic, and gone from here");
  }

  private void refusal(FtpSession ftp) throws IOException {
    narrator.step("What an error looks like");
    narrator.code("ftp.size(\"nowhere.txt\");");
    try {
      long size = ftp.size("nowhere.txt");
      narrator.check(false, "a file that is not there has no size: " + size);
    } catch (FtpReplyException e) {
      narrator.show(e);
      narrator.show("kind " + e.kind() + ", reply code " + e.reply().code() + ", session usable: " + e.sessionUsable());
      narrator.show("the end of e.transcript():");
      List<String> lines = e.transcript();
      lines.subList(Math.max(0, lines.size() - 4), lines.size()).forEach(line -> narrator.show("  " + line));
      narrator.check(e.kind() == ErrorKind.NOT_FOUND, "the kind says what is wrong: not found");
      narrator.check(lines.getLast().contains("550"), "the transcript ends with the refusal");
    }
    narrator.check(ftp.noop().isCompletion(), "and the session takes the next command");
  }

  private void takeBack(FtpSession ftp) throws IOException {
    narrator.step("An upload that fails locally leaves no partial file");
    narrator.code("ftp.put(\"half.txt\", out -> { out.write(...); throw new IOException(\"no more ink\"); });");
    try {
      ftp.put(
          "half.txt",
          out -> {
            out.write("half a sent".getBytes(StandardCharsets.UTF_8));
            throw new IOException("no more ink");
          });
      narrator.check(false, "a body that throws has an exception to show");
    } catch (FtpLocalException e) {
      narrator.show(e);
    }
    narrator.check(!ftp.exists("half.txt"), "half.txt is not on the server");
    if (ftp.transcript().stream().anyMatch(line -> line.contains("no TLS session to resume"))) {
      narrator.show("(Aborted uploads bring no new TLS 1.3 ticket. The last one was used up, so the session");
      narrator.show("went on over a new connection: it logged in and went back to its folder by itself.)");
    }
  }

  private void delete(FtpSession ftp) throws IOException {
    narrator.step("Delete");
    narrator.code("ftp.delete(\"attic/old.bin\"); ... ftp.cdup(); ftp.rmdir(\"tour\");");
    ftp.delete("attic/old.bin");
    ftp.delete(FOREIGN);
    ftp.rmdir("attic");
    ftp.cdup();
    ftp.rmdir("tour");
    narrator.check(!ftp.exists("/tour"), "everything is gone");
  }

  private void stranger() throws IOException, InterruptedException {
    narrator.step("A certificate that the JVM does not trust: TLS or an error, never clear text");
    narrator.code("Ftp.run(config.toBuilder().tls(TlsPolicy.explicit()).build(), ...)   // without the own authority");
    try {
      String folder =
          Ftp.run(config.toBuilder().tls(TlsPolicy.explicit()).listener(narrator).build(), ftp -> ftp.pwd());
      narrator.check(false, "a stranger is refused, not let into " + folder);
    } catch (FtpTlsException e) {
      narrator.show(e);
      narrator.check(e.transcript().stream().noneMatch(line -> line.contains("USER")), "the user name was not sent");
    }
  }

  private void many() throws IOException, InterruptedException {
    narrator.step(SESSIONS + " sessions at the same time");
    narrator.code("Future<Long> one = Ftp.start(config, ftp -> ftp.size(\"/pub/numbers.bin\"));   // so many times");
    List<Future<Long>> running = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      running.add(Ftp.start(config, ftp -> ftp.size("/pub/numbers.bin")));
    }
    long sum = 0;
    for (Future<Long> one : running) {
      sum += result(one);
    }
    narrator.check(sum == SESSIONS * (1L << 20), "all of them got the right size");
  }

  private static long result(Future<Long> one) throws IOException, InterruptedException {
    try {
      return one.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FtpException ftp ? ftp : new IOException(e.getCause());
    }
  }
}
