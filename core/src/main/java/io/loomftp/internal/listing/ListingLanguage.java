package io.loomftp.internal.listing;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The language of a listing, as far as its lines tell: the languages that know every month seen so far. A listing that no
 * single language explains is mixed; there a word counts if all languages agree.
 */
final class ListingLanguage {
  private @Nullable BitSet candidates; // null: all
  private boolean mixed;
  private int english; // one bit for each month that was seen by its English name
  private int counted; // those of them that the candidates account for

  /** Whether an English name may be taken for what it is in English. */
  boolean mayBeEnglish() {
    return candidates == null || candidates.get(Months.ENGLISH);
  }

  void sawEnglish(int month) {
    english |= 1 << month;
  }

  /** Leaves only the languages that know this name. */
  void learn(int[] meanings) {
    for (int open = english & ~counted; open != 0; open &= open - 1) {
      narrow(languages(Months.meaningsOfEnglish(Integer.numberOfTrailingZeros(open))));
    }
    counted = english;
    narrow(languages(meanings));
  }

  /** Leaves only these languages. */
  void narrow(BitSet languages) {
    BitSet known = candidates;
    if (mixed) {
      return;
    }
    if (known == null) {
      candidates = languages;
    } else if (known.intersects(languages)) {
      known.and(languages);
    } else {
      mixed = true;
      candidates = null;
    }
  }

  private static BitSet languages(int[] meanings) {
    BitSet languages = new BitSet(Months.languages());
    for (int meaning : meanings) {
      languages.set(Months.language(meaning));
    }
    return languages;
  }

  /** Whether a later line may still tell which month a name is. */
  boolean isOpen(int[] meanings) {
    return !mixed && agreed(meanings, false) == 0;
  }

  /** The month that a name is; 0 where the languages disagree. */
  int month(int[] meanings) {
    int month = agreed(meanings, false);
    return month > 0 ? month : agreed(meanings, true);
  }

  private int agreed(int[] meanings, boolean commonOnly) {
    int month = 0;
    for (int meaning : meanings) {
      if ((candidates == null || candidates.get(Months.language(meaning)))
          && (!commonOnly || Months.isCommon(meaning))) {
        if (month != 0 && month != Months.month(meaning)) {
          return 0;
        }
        month = Months.month(meaning);
      }
    }
    return month;
  }
}
