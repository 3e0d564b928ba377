package io.loomftp.mirror;

import io.loomftp.TransferOptions;
import io.loomftp.pool.FtpPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.Reader;
import java.io.Serializable;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a mirror is going to do: every action with its reason, as data. It can be looked at, saved and read back, sent
 * elsewhere, and carried out once it is found good. Immutable.
 *
 * <p>A saved plan is text: one line for each action, its fields separated by tabs. It does not hold how files are transferred
 * ({@link #options}) nor where that is written down ({@link #journal}). What is read is checked as strictly as what a server
 * sends: a path that could lead out of the root is refused.
 */
public final class MirrorPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Which side is the source. */
  public enum Direction {
    /** The server's tree is the source. */
    DOWNLOAD,
    /** The local tree is the source. */
    UPLOAD
  }

  private final UUID id;
  private final transient Instant made;
  private final transient Direction direction;
  private final transient String remote;
  private final transient String local;
  private final transient LocalNames names;
  private final transient boolean followLinks;
  private final transient double mostDeleted;
  private final transient long unchanged;
  private final transient long destinationEntries;
  private final transient boolean complete;
  private final transient List<MirrorAction> actions;
  private final transient TransferOptions options;
  private final transient @Nullable Path journal;

  MirrorPlan(
      UUID id,
      Instant made,
      Direction direction,
      String remote,
      String local,
      LocalNames names,
      boolean followLinks,
      double mostDeleted,
      long unchanged,
      long destinationEntries,
      boolean complete,
      List<MirrorAction> actions) {
    this.id = id;
    this.made = made;
    this.direction = direction;
    this.remote = remote;
    this.local = local;
    this.names = names;
    this.followLinks = followLinks;
    this.mostDeleted = mostDeleted;
    this.unchanged = unchanged;
    this.destinationEntries = destinationEntries;
    this.complete = complete;
    this.actions = Collections.unmodifiableList(actions);
    this.options = Mirror.usualOptions(direction);
    this.journal = null;
  }

  private MirrorPlan(MirrorPlan plan, TransferOptions options, @Nullable Path journal) {
    this.id = plan.id;
    this.made = plan.made;
    this.direction = plan.direction;
    this.remote = plan.remote;
    this.local = plan.local;
    this.names = plan.names;
    this.followLinks = plan.followLinks;
    this.mostDeleted = plan.mostDeleted;
    this.unchanged = plan.unchanged;
    this.destinationEntries = plan.destinationEntries;
    this.complete = plan.complete;
    this.actions = plan.actions;
    this.options = options;
    this.journal = journal;
  }

  /** Why a path of a plan cannot be what an action of that kind is done to, or nothing. */
  static @Nullable String fault(MirrorAction.Kind kind, String path, Direction direction, LocalNames names) {
    if (kind == MirrorAction.Kind.SKIP || kind == MirrorAction.Kind.REFUSE) {
      return null;
    }
    if (path.isEmpty()) {
      return kind == MirrorAction.Kind.MAKE_FOLDER ? null : "it is the root";
    }
    // What is at the destination of a download already may have any name that this machine can hold.
    boolean deletes = kind == MirrorAction.Kind.DELETE_FILE || kind == MirrorAction.Kind.DELETE_FOLDER;
    for (String name : path.split("/", -1)) {
      String fault = RemoteTree.fault(name, null);
      if (fault == null && direction == Direction.DOWNLOAD) {
        fault = (deletes ? LocalNames.NATIVE : names).objection(name).orElse(null);
      }
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  /** Tells this plan from every other one. */
  public UUID id() {
    return id;
  }

  /** When it was made. */
  public Instant made() {
    return made;
  }

  /** Which side is the source. */
  public Direction direction() {
    return direction;
  }

  /** The root on the server; absolute, if the server says in which folder sessions begin. */
  public String remote() {
    return remote;
  }

  /** The root on this machine, absolute. */
  public Path local() {
    return Path.of(local);
  }

  LocalNames names() {
    return names;
  }

  boolean followsLinks() {
    return followLinks;
  }

  double mostDeleted() {
    return mostDeleted;
  }

  /** Folders to make first, then transfers, files and folders to delete, what is skipped and what is refused; by path. */
  public List<MirrorAction> actions() {
    return actions;
  }

  /** How many actions there are of a kind. */
  public long count(MirrorAction.Kind kind) {
    return actions.stream().filter(action -> action.kind() == kind).count();
  }

  /** The bytes of all transfers, as far as they are known. */
  public long bytes() {
    return actions.stream()
        .filter(action -> action.kind() == MirrorAction.Kind.TRANSFER)
        .mapToLong(action -> action.size().orElse(0))
        .sum();
  }

  /** How many files are as they should be, and so not among the actions. */
  public long unchanged() {
    return unchanged;
  }

  /** How many files, folders and the like were found at the destination. */
  public long destinationEntries() {
    return destinationEntries;
  }

  /** Whether everything could be looked at and nothing was refused: otherwise nothing is deleted. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether both trees are alike already, as far as that is wanted: there is nothing to make, transfer or delete. */
  public boolean isDone() {
    return actions.stream().allMatch(a -> a.kind() == MirrorAction.Kind.SKIP || a.kind() == MirrorAction.Kind.REFUSE);
  }

  /** The share of the destination that may be deleted, if anything may. */
  public OptionalDouble deleteShare() {
    return mostDeleted > 0 ? OptionalDouble.of(mostDeleted) : OptionalDouble.empty();
  }

  /** How each file is transferred. */
  public TransferOptions options() {
    return options;
  }

  /**
   * The same, but with files transferred in this way. Usual is: resumed where an earlier transfer broke off if they have a
   * megabyte or more, with their times kept, retried a bounded number of times, and uploads through a temporary name, so that
   * no half file ever has its full name. What a listing told of size and time is added for each file.
   */
  public MirrorPlan options(TransferOptions newOptions) {
    return new MirrorPlan(this, Objects.requireNonNull(newOptions), journal);
  }

  /** Where what is done is written down. */
  public Optional<Path> journal() {
    return Optional.ofNullable(journal);
  }

  /**
   * The same, but with everything that is done and verified written down in this file, so that applying the same plan again
   * after it was broken off, even by a crash of this machine's JVM, goes on where it was. The file is deleted when all is
   * done. One of another plan is replaced.
   */
  public MirrorPlan journal(Path newJournal) {
    return new MirrorPlan(this, options, Objects.requireNonNull(newJournal));
  }

  MirrorPlan journalOrNone(@Nullable Path newJournal) {
    return new MirrorPlan(this, options, newJournal);
  }

  /** Does it: see {@link #apply(FtpPool, MirrorProgress)}. */
  public MirrorReport apply(FtpPool pool) throws IOException {
    return apply(pool, MirrorProgress.NONE);
  }

  /**
   * Does it, with as many sessions as the pool has and the server allows. Folders are made first, then files are transferred,
   * several at a time; one that fails does not stop the rest. Only when everything has succeeded and nothing was refused,
   * what is to be deleted is.
   *
   * <p>When the thread is interrupted the transfers that run are called off; the report says what was done until then, and the
   * thread is still marked as interrupted.
   *
   * @return what came of each action; to have failures thrown, see {@link MirrorReport#orThrow()}
   * @throws IOException when the journal cannot be read or written
   */
  public MirrorReport apply(FtpPool pool, MirrorProgress progress) throws IOException {
    return new MirrorExecutor(this, pool, progress).run();
  }

  /** Saves it as text, in UTF-8; the file is replaced. */
  public void save(Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      write(out);
    }
  }

  /** Writes it as text. */
  public void write(Writer out) throws IOException {
    PlanFormat.write(this, out);
  }

  /**
   * Reads a saved plan.
   *
   * @throws IOException also when it is not exactly what {@link #save} writes, or has a path that leads out of the root
   */
  public static MirrorPlan read(Path file) throws IOException {
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(in);
    }
  }

  /** The same from anywhere. */
  public static MirrorPlan read(Reader in) throws IOException {
    return PlanFormat.read(in instanceof BufferedReader buffered ? buffered : new BufferedReader(in));
  }

  /** All of it for people: a line for each action, and a summary. */
  public String describe() {
    StringBuilder text = new StringBuilder(64 * (actions.size() + 1));
    actions.forEach(action -> text.append(action).append('\n'));
    return text.append(this).append('\n').toString();
  }

  /** The summary alone. */
  @Override
  public String toString() {
    String server = "server:" + LineEscapes.visible(remote);
    String here = LineEscapes.visible(local);
    return String.format(
        Locale.ROOT,
        "%s: %,d to make, %,d to transfer (%,d bytes), %,d to delete, %,d unchanged, %,d skipped, %,d refused",
        direction == Direction.DOWNLOAD ? server + " to " + here : here + " to " + server,
        count(MirrorAction.Kind.MAKE_FOLDER),
        count(MirrorAction.Kind.TRANSFER),
        bytes(),
        count(MirrorAction.Kind.DELETE_FILE) + count(MirrorAction.Kind.DELETE_FOLDER),
        unchanged,
        count(MirrorAction.Kind.SKIP),
        count(MirrorAction.Kind.REFUSE));
  }

  /** Serialized as the text that is saved, so that what comes back is checked in the same way. */
  private Object writeReplace() {
    return new Text(this);
  }

  private void readObject(ObjectInputStream in) throws IOException {
    throw new InvalidObjectException("a plan is serialized as its text");
  }

  private static final class Text implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String lines;

    Text(MirrorPlan plan) {
      StringWriter out = new StringWriter();
      try {
        plan.write(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.lines = out.toString();
    }

    private Object readResolve() throws InvalidObjectException {
      try {
        return read(new StringReader(lines));
      } catch (IOException e) {
        throw (InvalidObjectException) new InvalidObjectException(e.getMessage()).initCause(e);
      }
    }
  }
}
