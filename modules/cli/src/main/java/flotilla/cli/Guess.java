package flotilla.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What was perhaps meant by a word that nothing is called. */
final class Guess {
    private Guess() {}

    /**
     * The closest name: one that the word begins, or one that a slip or two of the fingers make of
     * it; a short word is allowed one.
     */
    static Optional<String> of(String word, Collection<String> names) {
        int slipsMax = word.replace("-", "").length() <= 3 ? 1 : 2;
        Comparator<String> closest = Comparator.comparingInt(name -> slips(word, name));
        return names.stream()
                .filter(name -> slips(word, name) <= slipsMax)
                .min(closest.thenComparing(Comparator.naturalOrder()))
                .or(() ->
                        names.stream()
                                .filter(name -> !word.isEmpty() && name.startsWith(word))
                                .min(Comparator.naturalOrder()));
    }

    /**
     * Letters to add, to drop or to change, or neighbours to swap, that make one word of the other
     * (optimal string alignment).
     */
    static int slips(String one, String other) {
        int[][] slips = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                int changed = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(slips[i - 1][j], slips[i][j - 1]) + 1;
                least = Math.min(least, slips[i - 1][j - 1] + changed);
                boolean swapped =
                        i > 1
                                && j > 1
                                && one.charAt(i - 1) == other.charAt(j - 2)
                                && one.charAt(i - 2) == other.charAt(j - 1);
                slips[i][j] = swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
            }
        }
        return slips[one.length()][other.length()];
    }
}
