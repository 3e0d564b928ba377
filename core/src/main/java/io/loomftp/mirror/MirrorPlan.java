package io.loomftp.mirror;

import io.loomftp.TransferOptions;
import io.loomftp.internal.file.WholeFile;
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
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a mirror will do: every action with its reason, as data. A plan can be examined, saved, read back and sent elsewhere
 * before it is applied. Immutable.
 *
 * <p>A saved plan is text: one line for each action, with fields separated by tabs. It does not contain the
 * {@linkplain #options transfer options} and the {@linkplain #journal journal}. A plan that is read is not trusted: a path that
 * could lead out of the root is rejected.
 */
public final class MirrorPlan implements Serializable {
  private static final long serialVersionUID = 2L;

  private final transient PlanData data;
  private final transient TransferOptions options;
  private final transient @Nullable Path journal;

  MirrorPlan(PlanData data, TransferOptions options, @Nullable Path journal) {
    this.data = data;
    this.options = options;
    this.journal = journal;
  }

  private static MirrorPlan of(PlanData data) {
    return new MirrorPlan(data, TransferDefaults.of(data.direction()), null);
  }

  /** Identifies this plan. */
  public UUID id() {
    return data.id();
  }

  /** When the plan was made. */
  public Instant made() {
    return data.made();
  }

  /** Which side is the source. */
  public MirrorDirection direction() {
    return data.direction();
  }

  /** The root on the server; absolute where the server's PWD tells in which folder sessions begin. */
  public String remote() {
    return data.remote();
  }

  /** The root on this machine, absolute. */
  public Path local() {
    return Path.of(data.local());
  }

  /** Folders to make, transfers, files and folders to delete, skipped and refused entries, in this order; each by path. */
  public List<MirrorAction> actions() {
    return data.actions();
  }

  /** How many actions of a kind there are. */
  public long count(MirrorAction.Kind kind) {
    return data.count(kind);
  }

  /** The bytes of all transfers whose size is known. */
  public long bytes() {
    return data.bytes();
  }

  /** How many files are the same on both sides; they are not among the actions. */
  public long unchanged() {
    return data.unchanged();
  }

  /** How many files, folders and other entries were found at the destination. */
  public long destinationEntries() {
    return data.destinationEntries();
  }

  /** Whether everything could be listed and nothing was refused; otherwise nothing is deleted. */
  public boolean isComplete() {
    return data.complete();
  }

  /** Whether there is nothing to make, transfer or delete. */
  public boolean isDone() {
    return actions().stream()
        .allMatch(a -> a.kind() == MirrorAction.Kind.SKIP || a.kind() == MirrorAction.Kind.REFUSE);
  }

  /** The share of the destination that may be deleted; empty when nothing may be. */
  public OptionalDouble deleteShare() {
    return data.deleteShare() > 0 ? OptionalDouble.of(data.deleteShare()) : OptionalDouble.empty();
  }

  /** How each file is transferred. */
  public TransferOptions options() {
    return options;
  }

  /**
   * Returns a copy with other transfer options. By default, files of a mebibyte or more are resumed where an earlier transfer
   * was interrupted, times are kept, failed transfers are retried, and uploads go through a temporary name, so that no partial
   * file has its full name. Size and time from the listing are added for each file.
   */
  public MirrorPlan options(TransferOptions newOptions) {
    return new MirrorPlan(data, Objects.requireNonNull(newOptions), journal);
  }

  /** The file in which finished actions are recorded. */
  public Optional<Path> journal() {
    return Optional.ofNullable(journal);
  }

  /**
   * Returns a copy that records each action in a file once it is done and verified. Applying the same plan again after an
   * interruption, even a crash of the JVM, continues from there. The file is deleted when everything is done. The journal of
   * another plan is replaced; a file that is not a journal is an error and is not touched.
   */
  public MirrorPlan journal(Path newJournal) {
    return new MirrorPlan(data, options, Objects.requireNonNull(newJournal));
  }

  /** Applies the plan: see {@link #apply(FtpPool, MirrorProgress)}. */
  public MirrorReport apply(FtpPool pool) throws IOException {
    return apply(pool, MirrorProgress.NONE);
  }

  /**
   * Applies the plan with as many sessions as the pool has and the server permits. Folders are made first, then files are
   * transferred, several at a time; a failure does not stop the rest.
   *
   * <p>Deletes come last, and only if all of the following hold; otherwise nothing at all is deleted and
   * {@link MirrorReport#notDeleted()} says why: every other action has succeeded, the plan refused nothing, the deletes are
   * within {@link #deleteShare()}, and the source, asked for each entry to delete (MLST, or SIZE and CWD on a server), has none
   * of them.
   *
   * <p>When the thread is interrupted, running transfers are aborted; the report says what was done until then, and the thread
   * remains marked as interrupted.
   *
   * @return the result of each action; to have failures thrown, see {@link MirrorReport#orThrow()}
   * @throws IOException when the journal cannot be read or written, is in use, or is not a journal
   */
  public MirrorReport apply(FtpPool pool, MirrorProgress progress) throws IOException {
    return new MirrorExecutor(data, options, journal, pool, progress).run();
  }

  /** Saves the plan as text in UTF-8. An existing file is replaced as a whole; it stays as it was where writing fails. */
  public void save(Path file) throws IOException {
    WholeFile.write(file, this::write);
  }

  /** Writes the plan as text. */
  public void write(Writer out) throws IOException {
    PlanFormat.write(data, out);
  }

  /**
   * Reads a saved plan.
   *
   * @throws IOException also when the text is not exactly what {@link #save} writes, or has a path that leads out of the root
   */
  public static MirrorPlan read(Path file) throws IOException {
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return read(in);
    }
  }

  /** Reads a saved plan from any source. */
  public static MirrorPlan read(Reader in) throws IOException {
    return of(PlanFormat.read(in instanceof BufferedReader buffered ? buffered : new BufferedReader(in)));
  }

  /** Describes the plan for people: a line for each action, and a summary. */
  public String describe() {
    StringBuilder text = new StringBuilder(64 * (actions().size() + 1));
    actions().forEach(action -> text.append(action).append('\n'));
    return text.append(this).append('\n').toString();
  }

  /** The summary alone. */
  @Override
  public String toString() {
    String server = "server:" + LineEscapes.visible(data.remote());
    String here = LineEscapes.visible(data.local());
    return String.format(
        Locale.ROOT,
        "%s: %,d to make, %,d to transfer (%,d bytes), %,d to delete, %,d unchanged, %,d skipped, %,d refused",
        data.isDownload() ? server + " to " + here : here + " to " + server,
        count(MirrorAction.Kind.MAKE_FOLDER),
        count(MirrorAction.Kind.TRANSFER),
        bytes(),
        data.deletes(),
        unchanged(),
        count(MirrorAction.Kind.SKIP),
        count(MirrorAction.Kind.REFUSE));
  }

  /** Serialized as the saved text, so that a deserialized plan passes the same checks. */
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
