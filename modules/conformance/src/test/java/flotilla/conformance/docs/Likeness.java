package flotilla.conformance.docs;

import flotilla.conformance.RandomId;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * When a command printed what its document shows: line by line the same, but for what is another in
 * each run, the widths of columns and trailing blanks; and as many machines are named as in the
 * document, whichever they are. A line {@code ...} of the document stands for any number of lines,
 * and then machines are not counted.
 */
final class Likeness {
    private static final String ANY_LINES = "...";

    /**
     * What differs from run to run.
     *
     * @param shown what stands in its place when lines are compared
     */
    private record Mask(Pattern varies, String shown) {
        Mask(String varies, String shown) {
            this(Pattern.compile(varies), shown);
        }
    }

    private static final Pattern MACHINE = Pattern.compile("\\b[0-9a-f]{8}\\.\\.\\.");

    /** In order: the first takes what a later one would see a part of. */
    private static final List<Mask> MASKS =
            List.of(
                    // Times: a journal's, a log's, how long ago or how long it took.
                    new Mask("\\b[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d\\b", "TIME"),
                    new Mask(
                            "\\b\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d([.,]\\d+)?Z?", "TIME"),
                    new Mask("\\b\\d+(\\.\\d+)?(ms|s)\\b", "TIME"),
                    // Ids: of machines (whole, or cut short, with their address), members, tokens.
                    new Mask("\\b[0-9a-f]{8}\\.\\.\\.(/127(\\.\\d+){3})?", "MACHINE"),
                    new Mask("\\b([0-9a-f]{32}|" + RandomId.HEX + ")\\b", "ID"),
                    new Mask("\\[\\d+\\]", "[PID]"),
                    // Which of the machines it is: the scheduler and the order of ids say so.
                    new Mask("\\b127\\.\\d+\\.\\d+\\.1[1-7]\\b", "ADDRESS"),
                    new Mask("\\bcore-0[1-7]\\b", "NAME"),
                    new Mask("\\b(leader|follower)\\b", "ROLE"),
                    new Mask("(?<=conflicts with [a-z]{1,8}@)\\d+", "N"));

    /** What only some who run a command are told: root, and whoever is first after a build. */
    private static final List<String> FOR_SOME =
            List.of(
                    "warning: units run as whoever runs up, which is root",
                    "flotilla: preparing fast starts (once per build)");

    private Likeness() {}

    static boolean alike(List<String> shown, List<String> printed) {
        return matches(shown.stream().map(Likeness::masked).toList(), visible(printed))
                && (shown.contains(ANY_LINES) || machines(shown) == machines(printed));
    }

    private static long machines(List<String> lines) {
        return lines.stream()
                .flatMap(line -> MACHINE.matcher(line).results().map(MatchResult::group))
                .distinct()
                .count();
    }

    /** The lines as they are compared, for who has to tell the difference. */
    static List<String> visible(List<String> printed) {
        return printed.stream()
                .filter(line -> FOR_SOME.stream().noneMatch(line::startsWith))
                .map(Likeness::masked)
                .toList();
    }

    static String masked(String line) {
        String masked = line;
        for (Mask mask : MASKS) {
            masked = mask.varies().matcher(masked).replaceAll(mask.shown());
        }
        return masked.stripTrailing().replaceAll("(?<=\\S)\\s+", " ");
    }

    private static boolean matches(List<String> shown, List<String> printed) {
        if (shown.isEmpty()) {
            return printed.isEmpty();
        }
        List<String> rest = shown.subList(1, shown.size());
        if (shown.getFirst().equals(ANY_LINES)) {
            for (int from = 0; from <= printed.size(); from++) {
                if (matches(rest, printed.subList(from, printed.size()))) {
                    return true;
                }
            }
            return false;
        }
        return !printed.isEmpty()
                && shown.getFirst().equals(printed.getFirst())
                && matches(rest, printed.subList(1, printed.size()));
    }
}
