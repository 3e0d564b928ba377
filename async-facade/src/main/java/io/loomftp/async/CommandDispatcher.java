package io.loomftp.async;

import java.util.concurrent.CompletableFuture;

/** Dispatches commands to the methods of a session. */
final class CommandDispatcher {
  private CommandDispatcher() {}

  /** Calls the method of the command and returns its future. */
  static CompletableFuture<?> to(AsyncFtpSession s, FtpCommand command) {
    return switch (command) {
      case FtpCommand.Connect c -> s.connect();
      case FtpCommand.Login c -> c.credentials().isPresent() ? s.login(c.credentials().get()) : s.login();
      case FtpCommand.Plain c -> plain(s, c.name());
      case FtpCommand.Simple c -> simple(s, c.name(), c.argument());
      case FtpCommand.Rename c -> s.rename(c.from(), c.to());
      case FtpCommand.Type c -> s.type(c.type());
      case FtpCommand.Ls c -> s.download("ls", c.path(), ftp -> ftp.data("LIST", c.path()));
      case FtpCommand.Dir c -> s.download("dir", c.path(), ftp -> ftp.data("NLST", c.path()));
      case FtpCommand.Get c -> s.download("get", c.path(), ftp -> ftp.get(c.path()));
      case FtpCommand.GetFrom c -> s.download("get", c.path(), ftp -> ftp.getFrom(c.path(), c.offset()));
      case FtpCommand.GetFile c -> s.get(c.path(), c.target(), c.options());
      case FtpCommand.GetStream c -> s.get(c.path(), c.target(), c.options());
      case FtpCommand.Put c -> s.put(c.path());
      case FtpCommand.PutFrom c -> s.putFrom(c.path(), c.offset());
      case FtpCommand.Append c -> s.append(c.path());
      case FtpCommand.PutFile c -> s.put(c.source(), c.path(), c.options());
      case FtpCommand.PutStream c -> s.put(c.source(), c.path(), c.options());
      case FtpCommand.PutData c -> s.putItem(c.item());
      case FtpCommand.PutClose c -> s.putClose();
      case FtpCommand.TransMode c -> s.adjust(set -> set.transferType(c.type()));
      case FtpCommand.ConnMode c -> s.adjust(set -> set.dataMode(c.mode()));
      case FtpCommand.BlockSize c -> s.adjust(set -> set.blockSize(c.bytes()));
      case FtpCommand.Timeout c -> s.adjust(set -> set.timeouts(c.timeouts()));
    };
  }

  private static CompletableFuture<?> plain(AsyncFtpSession s, String name) {
    return switch (name) {
      case "cdup" -> s.cdup();
      case "pwd" -> s.pwd();
      case "stat" -> s.stat();
      case "syst" -> s.syst();
      case "noop" -> s.noop();
      default -> s.quit();
    };
  }

  private static CompletableFuture<?> simple(AsyncFtpSession s, String name, String argument) {
    return switch (name) {
      case "cd" -> s.cd(argument);
      case "mkdir" -> s.mkdir(argument);
      case "rmdir" -> s.rmdir(argument);
      case "delete" -> s.delete(argument);
      case "size" -> s.size(argument);
      case "mdtm" -> s.mdtm(argument);
      case "stat" -> s.stat(argument);
      case "site" -> s.site(argument);
      default -> s.quot(argument);
    };
  }
}
