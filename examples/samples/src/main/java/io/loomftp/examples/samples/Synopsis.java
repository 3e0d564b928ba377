package io.loomftp.examples.samples;

import io.loomftp.FtpConfig;
import io.loomftp.async.AsyncFtp;
import io.loomftp.async.AsyncFtpSession;
import io.loomftp.async.FtpEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How does a program for POE::Component::Client::FTP read here? This is the synopsis of its manual, handler by handler: log in,
 * upload line by line, download, ask for a size.
 */
public final class Synopsis {
  private final AsyncFtp kernel;
  private final Path passwd;
  private final String remote;
  private int received;

  private Synopsis(AsyncFtp kernel, Path passwd, String remote) {
    this.kernel = kernel;
    this.passwd = passwd;
    this.remote = remote;
  }

  /** Runs it in the folder of the address, or in {@code /pub} of the embedded server. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    try (Target target = Target.of(arguments, "/pub");
        AsyncFtp kernel = AsyncFtp.create()) {
      Path passwd = Files.write(target.local("passwd"), List.of("root:x:0:0", "nobody:x:65534:65534"));
      new Synopsis(kernel, passwd, target.in("loomftp-passwd")).spawn(target.config());
    }
  }

  /** Alias, Username, Password, RemoteAddr and the rest of spawn's parameters are those of the configuration. */
  private void spawn(FtpConfig config) {
    AsyncFtpSession session = kernel.session("ftp", config);
    session.on("authenticated", this::authenticated);
    session.on("put_connected", this::putConnected);
    session.on("put_error", FtpEvent.Failed.class, this::putError);
    session.on("put_closed", this::putClosed);
    session.on("get_connected", this::getConnected);
    session.on("get_data", FtpEvent.Data.class, this::getData);
    session.on("get_done", this::getDone);
    session.on("size", this::size);
    session.on("connect_error", e -> session.close()); // the original needs no more than silence here
    session.connect(); // spawn does it by itself
    session.ended().join(); // the original runs the kernel
  }

  /** We are logged in. */
  private void authenticated(FtpEvent event) {
    kernel.post("ftp", "put", remote);
  }

  /** The data connection is ready for data. */
  private void putConnected(FtpEvent event) {
    try {
      for (String line : Files.readAllLines(passwd)) {
        kernel.post("ftp", "put_data", line + "\n");
      }
      kernel.post("ftp", "put_close");
    } catch (IOException e) {
      throw new IllegalStateException(e); // calls the upload off
    }
  }

  /** Something bad happened. */
  private void putError(FtpEvent.Failed event) {
    System.out.println("ERROR: " + event.text() + " occurred while trying to STOR " + event.argument());
    kernel.post("ftp", "quit");
  }

  /** The file is on the server: unlike the original's, this event waits until the server says so. */
  private void putClosed(FtpEvent event) {
    System.out.println("stored: " + event.argument().endsWith("passwd"));
    kernel.post("ftp", "get", remote);
  }

  /** The file is on its way. */
  private void getConnected(FtpEvent event) {
    System.out.println("on its way");
  }

  /** Data of the file. */
  private void getData(FtpEvent.Data event) {
    received += event.block().remaining();
  }

  /** And it is done. */
  private void getDone(FtpEvent event) {
    System.out.println("received " + received + " bytes");
    kernel.post("ftp", "size", remote);
  }

  /** The answer to a size command. */
  private void size(FtpEvent event) {
    System.out.println("its size is " + event.text());
    kernel.post("ftp", "delete", remote);
    kernel.post("ftp", "quit");
  }
}
