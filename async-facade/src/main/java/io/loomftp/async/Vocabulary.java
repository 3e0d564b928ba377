package io.loomftp.async;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The closed sets of names of commands and events. */
final class Vocabulary {
  /** The name with which a listener receives every event. */
  static final String ALL = "all";

  /** Commands that have one event with the reply. */
  static final List<String> SIMPLE =
      List.of("cd", "cdup", "pwd", "mkdir", "rmdir", "delete", "rename", "size", "mdtm", "stat", "syst", "noop", "site", "quot",
          "type", "quit");

  /** Commands whose data is delivered as events. */
  static final List<String> INCOMING = List.of("get", "ls", "dir");

  private static final List<String> SETTINGS = List.of("mode", "trans_mode", "conn_mode", "blocksize", "timeout");

  /** Events of this package, which the original does not have. */
  private static final List<String> OF_POOLS =
      List.of("pool_done", "pool_error", "mirror_planned", "mirror_progress", "mirror_done", "mirror_error");

  static final Set<String> COMMANDS = commands();
  static final Set<String> EVENTS = events();

  private Vocabulary() {}

  private static Set<String> commands() {
    Set<String> names = new LinkedHashSet<>(List.of("connect", "login"));
    names.addAll(SIMPLE);
    names.addAll(INCOMING);
    names.addAll(List.of("put", "append", "put_data", "put_close"));
    names.addAll(SETTINGS);
    return Collections.unmodifiableSet(names);
  }

  private static Set<String> events() {
    Set<String> names = new LinkedHashSet<>(List.of("connected", "connect_error", "authenticated", "login_error"));
    for (String name : SIMPLE) {
      names.add(name);
      names.add(name + "_error");
    }
    names.add("rename_partial");
    for (String name : INCOMING) {
      names.addAll(List.of(name + "_connected", name + "_server", name + "_data", name + "_done", name + "_error"));
    }
    names.addAll(List.of("put_connected", "put_server", "put_flushed", "put_closed", "put_error", "closed"));
    names.addAll(OF_POOLS);
    return Collections.unmodifiableSet(names);
  }

  /** The name of an event, or {@code all}. */
  static String event(String name) {
    if (!name.equals(ALL) && !EVENTS.contains(name)) {
      throw new IllegalArgumentException("unknown event '" + name + "'; known are all and " + EVENTS);
    }
    return name;
  }

  /** The type of the events of a name. */
  static Class<? extends FtpEvent> type(String event) {
    return switch (event) {
      case "connected" -> FtpEvent.Connected.class;
      case "authenticated" -> FtpEvent.Authenticated.class;
      case "closed" -> FtpEvent.Closed.class;
      case "pool_done" -> FtpEvent.PoolDone.class;
      case "mirror_planned" -> FtpEvent.MirrorPlanned.class;
      case "mirror_progress" -> FtpEvent.MirrorProgressed.class;
      case "mirror_done" -> FtpEvent.MirrorDone.class;
      case "rename_partial" -> FtpEvent.Partial.class;
      case "put_flushed" -> FtpEvent.Flushed.class;
      case "put_closed" -> FtpEvent.Done.class;
      case ALL -> FtpEvent.class;
      default -> typeByEnding(event);
    };
  }

  private static Class<? extends FtpEvent> typeByEnding(String event) {
    return switch (event.substring(event.indexOf('_') + 1)) {
      case "error" -> FtpEvent.Failed.class;
      case "connected" -> FtpEvent.DataConnected.class;
      case "server" -> FtpEvent.Started.class;
      case "data" -> FtpEvent.Data.class;
      case "done" -> FtpEvent.Done.class;
      default -> FtpEvent.Completed.class;
    };
  }

  /** The name of a command whose data may be filtered. */
  static String incoming(String name) {
    if (!INCOMING.contains(name)) {
      throw new IllegalArgumentException("the data of '" + name + "' cannot be filtered, only that of " + INCOMING);
    }
    return name;
  }
}
