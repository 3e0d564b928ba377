package io.loomftp.async;

import io.loomftp.FtpEntry;
import io.loomftp.FtpProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Checks by the events, whose order is that of the commands, that every reply and all data belong to the command: each path has
 * a size of its own, a folder is known by the changes before, and a download by its bytes.
 */
final class FuzzModel implements Consumer<FtpEvent> {
  private static final Set<String> KNOWN = Set.of("size", "mdtm", "cd", "pwd", "noop", "get", "ls", "dir");

  private final boolean calm;
  private final List<String> breaches = new ArrayList<>();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private String folder = "/";
  private int items;
  private boolean quit;
  private boolean lost;

  /** Calm is a program without faults. */
  FuzzModel(boolean calm) {
    this.calm = calm;
  }

  synchronized List<String> breaches() {
    return List.copyOf(breaches);
  }

  /** Whether the session ended by quit. */
  synchronized boolean hasQuit() {
    return quit;
  }

  /** Whether it ended otherwise after it was connected. */
  synchronized boolean isLost() {
    return lost;
  }

  @Override
  public synchronized void accept(FtpEvent event) {
    switch (event) {
      case FtpEvent.Completed e -> completed(e);
      case FtpEvent.Failed e -> failed(e);
      case FtpEvent.DataConnected e -> {
        data.reset();
        items = 0;
      }
      case FtpEvent.Data e -> item(e);
      case FtpEvent.Done e -> done(e);
      case FtpEvent.Connected e -> folder = "/";
      case FtpEvent.Closed e -> lost = true;
      case FtpEvent.Authenticated e -> must(e.code() / 100 == 2, e, "is no success");
      case FtpEvent.Partial e -> must(e.code() == 350, e, "is no 350");
      case FtpEvent.Started e -> must(e.code() / 100 == 1, e, "is no 1yz");
      case FtpEvent.Flushed e -> must(e.bytes() > 0, e, "has no bytes");
      case FtpEvent.PoolDone e -> must(false, e, "is not of a session");
      case FtpEvent.MirrorPlanned e -> must(false, e, "is not of a session");
      case FtpEvent.MirrorProgressed e -> must(false, e, "is not of a session");
      case FtpEvent.MirrorDone e -> must(false, e, "is not of a session");
    }
  }

  private void completed(FtpEvent.Completed e) {
    must(e.code() / 100 == 2, e, "is no success");
    must(!e.argument().contains("missing") || e.name().equals("rename"), e, "succeeded for nothing");
    switch (e.name()) {
      case "cd" -> folder = e.argument();
      case "cdup" -> folder = folder.lastIndexOf('/') > 0 ? folder.substring(0, folder.lastIndexOf('/')) : "/";
      case "pwd" -> must(e.text().contains("\"" + folder + "\""), e, "is not " + folder);
      case "size" -> {
        if (isFile(e.argument())) {
          int size = FuzzServer.content(e.argument()).length;
          must(e.text().strip().equals("" + size), e, "is not " + size);
        }
      }
      case "mdtm" -> must(e.text().startsWith("20260102030405"), e, "is another time");
      case "mkdir" -> must(e.code() == 257 && e.text().contains(e.argument()), e, "is of another folder");
      case "quit" -> quit = true;
      default -> must(e.code() != 257 && e.code() != 213, e, "is the reply of another command");
    }
  }

  static boolean isFile(String path) {
    return path.matches("/[ef]\\d");
  }

  private void failed(FtpEvent.Failed e) {
    boolean refused = e.code() >= 400 && e.code() != 421 && e.code() != 426;
    String what = e.name().substring(0, e.name().length() - "_error".length());
    boolean known = KNOWN.contains(what) && !e.argument().contains("missing") && !e.name().equals("put_error");
    must(!refused || !known || (!calm && what.equals("size")) || isOfTransfer(what), e, "was refused for no reason");
    must(!(e.cause() instanceof FtpProtocolException) || !calm, e, "means that the session was out of step");
  }

  private boolean isOfTransfer(String what) {
    return !calm && (what.equals("get") || what.equals("ls") || what.equals("dir"));
  }

  private void item(FtpEvent.Data e) {
    items++;
    if (e.item() instanceof ByteBuffer block) {
      byte[] bytes = new byte[block.remaining()];
      block.get(bytes);
      data.writeBytes(bytes);
      return;
    }
    String line = e.item() instanceof FtpEntry row ? row.name() : e.item().toString();
    must(line.contains("entry-"), e, "is no entry of " + e.argument());
  }

  private void done(FtpEvent.Done e) {
    if (e.argument().startsWith("/e")) {
      must(Arrays.equals(data.toByteArray(), FuzzServer.content(e.argument())), e, "has " + data.size() + " bytes");
    } else if (!e.name().startsWith("get") && !e.name().startsWith("put")) {
      must(items == FuzzServer.ENTRIES, e, "has " + items + " entries");
    }
  }

  private void must(boolean so, FtpEvent event, String complaint) {
    if (!so) {
      breaches.add(event + " " + complaint);
    }
  }
}
