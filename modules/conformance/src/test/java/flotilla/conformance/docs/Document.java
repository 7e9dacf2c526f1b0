package flotilla.conformance.docs;

import flotilla.conformance.docs.Block.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a Markdown file this test reads: its fenced blocks. {@code console} holds commands, each
 * behind {@code $}, with what they print below them; a comment {@code <!-- not replayed: why -->}
 * directly above the fence excuses a block. Any other kind of block has to say that it holds no
 * commands.
 *
 * @param faults blocks of which nobody could tell whether they are right, with place and way out
 */
record Document(String name, List<Block> blocks, List<String> faults) {
    private static final String COMMANDS = "console";
    private static final Set<String> NO_COMMANDS = Set.of("text", "ini", "yaml", "json", "java");
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+)\\s*(\\S*).*");
    private static final Pattern EXCUSE = Pattern.compile("<!-- not replayed: (\\S.*) -->");
    private static final String PROMPT = "$ ";

    static Document of(String name, List<String> lines) {
        return new Scanner(name, lines).scan();
    }

    Document {
        blocks = List.copyOf(blocks);
        faults = List.copyOf(faults);
    }

    /** One pass over the lines. */
    private static final class Scanner {
        private final String name;
        private final List<String> lines;
        private final List<Block> blocks = new ArrayList<>();
        private final List<String> faults = new ArrayList<>();

        Scanner(String name, List<String> lines) {
            this.name = name;
            this.lines = lines;
        }

        Document scan() {
            for (int at = 0; at < lines.size(); at++) {
                Matcher fence = FENCE.matcher(lines.get(at));
                if (fence.matches()) {
                    int end = endOf(at, fence.group(1));
                    fenced(at, fence.group(2), end);
                    at = end;
                } else if (lines.get(at).startsWith("    ") && above(at).isBlank()) {
                    fault(at, "an indented block: put it in a fence that names its kind");
                }
            }
            return new Document(name, blocks, faults);
        }

        private int endOf(int start, String fence) {
            int end = start + 1;
            while (end < lines.size() && !lines.get(end).strip().equals(fence)) {
                end++;
            }
            if (end == lines.size()) {
                fault(start, "a fence without its end");
            }
            return end;
        }

        private void fenced(int start, String kind, int end) {
            if (kind.equals(COMMANDS)) {
                Matcher excuse = EXCUSE.matcher(above(start));
                List<Step> steps = steps(start + 1, end);
                if (start + 1 == end) {
                    fault(start, "a block without a command");
                }
                blocks.add(
                        new Block(
                                name + ":" + (start + 1),
                                excuse.matches() ? excuse.group(1) : "",
                                steps));
            } else if (!NO_COMMANDS.contains(kind)) {
                fault(
                        start,
                        "a block of kind '%s': commands stand in one of kind console, else one of %s"
                                .formatted(kind, NO_COMMANDS));
            }
        }

        private List<Step> steps(int from, int end) {
            List<Step> steps = new ArrayList<>();
            for (int at = from; at < end; ) {
                if (!lines.get(at).startsWith(PROMPT)) {
                    fault(at, "output without a command above it: a command begins with '$ '");
                    break;
                }
                int next = at + 1;
                while (next < end && !lines.get(next).startsWith(PROMPT)) {
                    next++;
                }
                String command = lines.get(at).substring(PROMPT.length());
                steps.add(new Step(at + 1, command, lines.subList(at + 1, next)));
                at = next;
            }
            return steps;
        }

        private String above(int at) {
            return at == 0 ? "" : lines.get(at - 1);
        }

        private void fault(int at, String words) {
            faults.add(name + ":" + (at + 1) + ": " + words);
        }
    }
}
