package io.loomftp.truth;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Every pair and every three of the kinds of transfers, down and up, at one server. */
final class OverlapMatrix {
  private static final int USUAL_SAMPLE = 12;

  private final Overlap.Place place;
  private final Path folder;

  OverlapMatrix(Overlap.Place place, Path folder) {
    this.place = place;
    this.folder = folder;
  }

  void run(String server) throws Exception {
    Random random = new Random(Truth.SEED);
    try (Partner partner = new Partner()) {
      Cases cases = new Cases("overlap at " + server);
      List<Runnable> all = new ArrayList<>();
      for (int round = 0; round < Truth.ROUNDS; round++) {
        for (List<Overlap.Kind> kinds : combinations()) {
          for (int variant = 0; variant < 6; variant++) {
            boolean sameSize = variant % 3 == 0;
            boolean sameSource = variant % 3 == 1;
            boolean apart = variant >= 3;
            long seed = random.nextLong() >>> 16;
            String name = kinds + (sameSource ? " of one source" : sameSize ? " of one size" : "") + (apart ? ", two processes" : "")
                + ", " + Long.toHexString(seed);
            all.add(() -> cases.add(name, () ->
                new Overlap(place, folder, kinds, sameSize, sameSource, seed).check(apart ? partner : null)));
          }
        }
      }
      Truth.sample(all, USUAL_SAMPLE, random).forEach(Runnable::run);
      cases.run(3);
    }
  }

  private static List<List<Overlap.Kind>> combinations() {
    List<List<Overlap.Kind>> all = new ArrayList<>();
    for (boolean down : new boolean[] {true, false}) {
      List<Overlap.Kind> kinds = Stream.of(Overlap.Kind.values()).filter(kind -> kind.isDown() == down).toList();
      for (Overlap.Kind first : kinds) {
        for (Overlap.Kind second : kinds) {
          all.add(List.of(first, second));
          kinds.forEach(third -> all.add(List.of(first, second, third)));
        }
      }
    }
    return all;
  }
}
