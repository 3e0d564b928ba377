package io.loomftp.internal.listing;

import io.loomftp.ModifiedTime.Precision;
import io.loomftp.ModifiedTime.Source;
import org.jspecify.annotations.Nullable;

/** The modification time of the entry being read, if there is one. */
final class FoundTime {
  long second; // since 1970
  int nano;
  @Nullable Precision precision; // null: no time
  Source source = Source.LIST;

  void clear() {
    precision = null;
  }

  void set(long newSecond, int newNano, Precision newPrecision, Source newSource) {
    second = newSecond;
    nano = newNano;
    precision = newPrecision;
    source = newSource;
  }
}
