package io.loomftp.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Negotiates data connections and transfers data: PASV to MLSD. A transfer runs beside its session, so that ABOR works. */
final class DataCommands {
  private static final int BLOCK = 65_536;

  private DataCommands() {}

  // --- where the data connection is ---

  static void pasv(Conversation c) throws IOException {
    byte[] address = c.localAddress().getAddress();
    if (address.length != 4) {
      c.reply("522 PASV knows IPv4 only.");
    } else {
      c.reply("227 Entering Passive Mode (" + hostPort(address, c.listen()) + ").");
    }
  }

  /** Address and port as PASV and PORT write them. */
  static String hostPort(byte[] address, int port) {
    StringBuilder text = new StringBuilder();
    for (byte part : address) {
      text.append(part & 0xFF).append(',');
    }
    return text.append(port >> 8).append(',').append(port & 0xFF).toString();
  }

  static void epsv(Conversation c) throws IOException {
    if (c.argument().equalsIgnoreCase("ALL")) {
      c.reply("200 EPSV only from now on.");
    } else {
      c.reply("229 Entering Extended Passive Mode (|||" + c.listen() + "|)");
    }
  }

  static void port(Conversation c) throws IOException {
    connectTo(c, parsePort(c.argument()));
  }

  static void eprt(Conversation c) throws IOException {
    connectTo(c, parseEprt(c.argument()));
  }

  /** Reads {@code 127,0,0,1,8,73}. */
  static @Nullable InetSocketAddress parsePort(String argument) throws IOException {
    if (!argument.matches("\\d{1,3}(,\\d{1,3}){5}")) {
      return null;
    }
    int[] parts = Arrays.stream(argument.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    byte[] host = {(byte) parts[0], (byte) parts[1], (byte) parts[2], (byte) parts[3]};
    return new InetSocketAddress(InetAddress.getByAddress(host), (parts[4] & 0xFF) * 256 + (parts[5] & 0xFF));
  }

  /** Reads {@code |1|127.0.0.1|2121|}. */
  static @Nullable InetSocketAddress parseEprt(String argument) throws IOException {
    String[] parts = argument.split("\\|", -1);
    if (parts.length != 5 || !parts[2].matches("[0-9a-fA-F.:]+") || !parts[3].matches("\\d{1,5}")) {
      return null;
    }
    return new InetSocketAddress(InetAddress.getByName(parts[2]), Math.min(Integer.parseInt(parts[3]), 65_535));
  }

  /** Refuses to connect to third parties (RFC 2577 section 3). */
  private static void connectTo(Conversation c, @Nullable InetSocketAddress address) throws IOException {
    if (address == null) {
      c.reply("501 That is no address.");
    } else if (!address.getAddress().isLoopbackAddress()) {
      c.reply("500 Only to where you are.");
    } else {
      c.connectTo(address);
      c.reply("200 Noted.");
    }
  }

  // --- what goes over it ---

  static void retr(Conversation c) throws IOException {
    MemoryTree.Node node = c.server().files().get(OrdinaryCommands.path(c));
    long start = takeRestart(c);
    if (node == null || node.isDirectory()) {
      c.forgetData();
      c.reply("550 " + c.argument() + ": No such file.");
      return;
    }
    byte[] all = OrdinaryCommands.toNetwork(node.content(), c.state().ascii);
    if (start > all.length) {
      c.forgetData();
      c.reply("554 The file ends before.");
      return;
    }
    if (c.state().ascii) {
      sendAll(c, Arrays.copyOfRange(all, (int) start, all.length));
    } else {
      sendFile(c, node, (int) start);
    }
  }

  static void list(Conversation c) throws IOException {
    String path = listed(c);
    if (c.server().exists(path)) {
      sendAll(c, Facts.list(c, path));
    } else {
      noSuchDirectory(c);
    }
  }

  static void nlst(Conversation c) throws IOException {
    String path = listed(c);
    if (c.server().files().isDirectory(path)) {
      sendAll(c, Facts.names(c, path));
    } else {
      noSuchDirectory(c);
    }
  }

  static void mlsd(Conversation c) throws IOException {
    String path = OrdinaryCommands.path(c);
    if (c.server().files().isDirectory(path)) {
      sendAll(c, Facts.machineList(c, path));
    } else {
      noSuchDirectory(c);
    }
  }

  /** The data of the requested download or listing; nothing if it does not exist. */
  static byte[] content(Conversation c) {
    return switch (c.request().verb()) {
      case "RETR" -> {
        MemoryTree.Node node = c.server().files().get(OrdinaryCommands.path(c));
        yield node == null ? new byte[0] : OrdinaryCommands.toNetwork(node.content(), c.state().ascii);
      }
      case "NLST" -> Facts.names(c, listed(c));
      case "MLSD" -> Facts.machineList(c, OrdinaryCommands.path(c));
      default -> Facts.list(c, listed(c));
    };
  }

  private static void noSuchDirectory(Conversation c) throws IOException {
    c.forgetData();
    c.reply("550 " + c.argument() + ": No such directory.");
  }

  /** LIST and NLST take options as {@code ls} does. */
  private static String listed(Conversation c) {
    String argument = c.argument().startsWith("-") ? c.argument().replaceFirst("-\\S* ?", "") : c.argument();
    return MemoryTree.resolve(c.state().directory, argument);
  }

  static void stor(Conversation c) throws IOException {
    receiveAll(c, OrdinaryCommands.path(c), takeRestart(c), "150 Go on.");
  }

  static void appe(Conversation c) throws IOException {
    String path = OrdinaryCommands.path(c);
    MemoryTree.Node node = c.server().files().get(path);
    takeRestart(c);
    receiveAll(c, path, node == null ? 0 : node.content().length, "150 Go on.");
  }

  static void stou(Conversation c) throws IOException {
    int number = 1;
    String path;
    do {
      path = MemoryTree.resolve(c.state().directory, "unique." + number++);
    } while (c.server().exists(path));
    receiveAll(c, path, takeRestart(c), "150 FILE: " + MemoryTree.nameOf(path));
  }

  private static long takeRestart(Conversation c) {
    long start = c.state().restartAt;
    c.state().restartAt = 0;
    return start;
  }

  private static void sendAll(Conversation c, byte[] content) throws IOException {
    transfer(c, "150 Here it comes.", data -> {
      Fault fault = c.server().nextDataFault();
      if (fault != null) {
        return fault.onData(c, data, content);
      }
      for (int sent = 0; sent < content.length; sent += BLOCK) {
        data.send(Arrays.copyOfRange(content, sent, Math.min(sent + BLOCK, content.length)));
      }
      return true;
    });
  }

  /** Reads the file while it sends it, as servers do. */
  private static void sendFile(Conversation c, MemoryTree.Node node, int start) throws IOException {
    transfer(c, "150 Here it comes.", data -> {
      Fault fault = c.server().nextDataFault();
      if (fault != null) {
        return fault.onData(c, data, Arrays.copyOfRange(node.content(), start, node.content().length));
      }
      int at = start;
      while (true) {
        c.server().duringData(c, DataHook.Moment.DATA, at - start);
        byte[] now = node.content();
        if (at >= now.length) {
          return true;
        }
        int end = Math.min(at + BLOCK, now.length);
        data.send(Arrays.copyOfRange(now, at, end));
        at = end;
      }
    });
  }

  private static void receiveAll(Conversation c, String path, long start, String preliminary) throws IOException {
    MemoryTree files = c.server().files();
    if (path.equals("/") || files.isDirectory(path) || !files.isDirectory(MemoryTree.parentOf(path))) {
      c.forgetData();
      c.reply("553 " + c.argument() + ": Could not create file.");
      return;
    }
    MemoryTree.Node old = files.get(path);
    byte[] kept = old == null ? new byte[0] : Arrays.copyOf(old.content(), (int) Math.min(start, old.content().length));
    boolean ascii = c.state().ascii;
    transfer(c, preliminary, data -> {
      ByteArrayOutputStream received = new ByteArrayOutputStream();
      try {
        InputStream in = data.input();
        byte[] buffer = new byte[BLOCK];
        c.server().duringData(c, DataHook.Moment.DATA, 0);
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          received.write(buffer, 0, count);
          c.server().duringData(c, DataHook.Moment.DATA, received.size());
        }
        data.noteEnd();
      } finally {
        // Data before the interruption is kept, as on real servers.
        byte[] fresh = OrdinaryCommands.fromNetwork(received.toByteArray(), ascii);
        byte[] all = Arrays.copyOf(kept, kept.length + fresh.length);
        System.arraycopy(fresh, 0, all, kept.length, fresh.length);
        files.write(path, all);
      }
      return true;
    });
  }

  /** The work between the preliminary and the final reply; false to omit the final reply. */
  @FunctionalInterface
  private interface Exchange {
    boolean run(DataPipe data) throws IOException, InterruptedException;
  }

  private static void transfer(Conversation c, String preliminary, Exchange exchange) throws IOException {
    if (!c.dataAgreed()) {
      c.reply("425 PASV, EPSV, PORT or EPRT first.");
      return;
    }
    c.state().aborted = false;
    c.reply(preliminary);
    c.state().transfer = c.server().workers().submit(() -> {
      String last = run(c, exchange);
      if (!last.isEmpty()) {
        c.reply(last);
      }
    });
  }

  private static String run(Conversation c, Exchange exchange) throws InterruptedException {
    DataPipe data;
    try {
      data = c.openData();
    } catch (IOException e) {
      return c.state().aborted ? "426 Aborted." : "425 No data connection.";
    }
    c.state().data.set(data);
    try {
      if (c.server().security().demandsSessionReuse() && data.isFreshTls()) {
        data.reset();
        return "522 Session reuse is required here.";
      }
      boolean reply = exchange.run(data);
      boolean complete = !data.hasEnded();
      data.close();
      c.server().duringData(c, DataHook.Moment.REPLY, 0);
      return !reply ? "" : complete ? "226 Done." : "426 Broken.";
    } catch (IOException e) {
      return "426 Broken.";
    } finally {
      c.state().data.set(null);
      data.abandon();
    }
  }
}
