package io.loomftp.internal.listing;

import io.loomftp.EntryParser;
import io.loomftp.FtpConfig;
import io.loomftp.ServerZone;
import io.loomftp.internal.text.NameCodec;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The settings of a listing reader.
 *
 * @param names the codec of names
 * @param zone the zone of times without one
 * @param clock the present, for times without a year
 * @param maxLine bytes of a line; longer ones are cut and reported
 * @param maxEntries lines of one listing
 * @param withDots whether the folder itself and the one above are delivered
 * @param newestVersions whether of several versions that follow each other only the newest is delivered
 * @param own the caller's own parser
 */
public record ListingFormat(
    NameCodec names,
    ZoneId zone,
    Clock clock,
    int maxLine,
    long maxEntries,
    boolean withDots,
    boolean newestVersions,
    Optional<EntryParser> own) {

  /** The settings of a configuration. */
  public static ListingFormat of(FtpConfig config) {
    return new ListingFormat(
        new NameCodec(config.charset()),
        config.serverZone() instanceof ServerZone.Known known ? known.zone() : ZoneOffset.UTC,
        config.clock(),
        config.limits().listingLine(),
        config.limits().listingEntries(),
        config.listDots(),
        config.newestVersions(),
        config.entryParser());
  }

  /** A copy with names in another charset, as negotiated by FEAT and OPTS. */
  public ListingFormat withNames(NameCodec other) {
    return new ListingFormat(other, zone, clock, maxLine, maxEntries, withDots, newestVersions, own);
  }

  /** A copy with another zone, as detected for the server. */
  public ListingFormat withZone(ZoneId other) {
    return new ListingFormat(names, other, clock, maxLine, maxEntries, withDots, newestVersions, own);
  }
}
