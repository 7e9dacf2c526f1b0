package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Problem.Severity;
import flotilla.cloudconfig.document.YamlComposer.Composed;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Text to document: its kind, the YAML, then the tree against {@link Keys}, then the values. */
final class DocumentReader {
    /** The exact header: the whole first line, but for white space at its end. */
    private static final Pattern HEADER = Pattern.compile("#cloud-config\\s*+");

    /** What else people write for it, the article's author among them. */
    private static final Pattern LOOSE_HEADER =
            Pattern.compile("\\uFEFF?[ \\t]*#[ \\t]*cloud-config\\b.*", Pattern.CASE_INSENSITIVE);

    /** A larger document is refused: the largest that any cloud hands out is 64 KiB. */
    static final int TEXT_CHARS_MAX = 1024 * 1024;

    /** Problems told of one document. */
    static final int PROBLEMS_MAX = 500;

    /** Of what a problem quotes. */
    static final int QUOTED_CHARS_MAX = 200;

    private DocumentReader() {}

    static Reading read(String text, Mode mode) {
        if (text.length() > TEXT_CHARS_MAX) {
            return unusable("the document is longer than " + TEXT_CHARS_MAX + " characters");
        }
        return mode == Mode.STRICT ? strict(text) : lenient(text);
    }

    /** The document is what the original would have applied; the problems are what it said. */
    private static Reading strict(String text) {
        if (text.startsWith("#!") || isIgnition(text)) {
            return new Reading(Optional.empty(), List.of());
        }
        if (!text.isEmpty() && !HEADER.matcher(firstLine(text)).matches()) {
            return unusable("must be \"#cloud-config\" or begin with \"#!\"");
        }
        try {
            Composed composed = YamlComposer.compose(text);
            List<Problem> problems =
                    composed.root()
                            .map(root -> OriginalJudge.judge(text, root))
                            .orElseGet(() -> tabs(text));
            return new Reading(document(composed, Mode.STRICT, new Problems()), problems);
        } catch (YamlFault e) {
            return new Reading(
                    Optional.empty(),
                    List.of(
                            new Problem(
                                    Severity.ERROR,
                                    e.originalLine(),
                                    Problem.NO_COLUMN,
                                    e.original())));
        }
    }

    /** In a document of comments our library passes over a tab, YAML 1.1 did not. */
    private static List<Problem> tabs(String text) {
        List<String> lines = text.lines().toList();
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).stripLeading().isEmpty() && lines.get(line).contains("\t")) {
                return List.of(
                        new Problem(
                                Severity.ERROR,
                                line + 1,
                                Problem.NO_COLUMN,
                                LibraryWords.NO_TOKEN));
            }
        }
        return List.of();
    }

    private static Reading lenient(String text) {
        Problems problems = new Problems();
        if (!text.isEmpty() && !hasHeader(text, problems)) {
            return new Reading(Optional.empty(), problems.byPlace());
        }
        try {
            Composed composed =
                    YamlComposer.compose(text.startsWith("\uFEFF") ? text.substring(1) : text);
            problems.addAll(composed.unhonoured());
            Optional<CloudConfig> document = document(composed, Mode.LENIENT, problems);
            return new Reading(document, problems.byPlace());
        } catch (YamlFault e) {
            problems.error(e.place(), String.valueOf(e.getMessage()));
            return new Reading(Optional.empty(), problems.byPlace());
        }
    }

    private static Optional<CloudConfig> document(Composed composed, Mode mode, Problems problems) {
        // A document of comments only asks for nothing.
        return composed.root()
                .map(root ->
                        new Tree(mode, problems)
                                .document(root)
                                .map(fields -> new Values(problems).read(fields)))
                .orElse(Optional.of(Values.NOTHING));
    }

    private static boolean hasHeader(String text, Problems problems) {
        Place place = new Place(1, 1);
        String first = firstLine(text);
        if (HEADER.matcher(first).matches()) {
            return true;
        }
        if (LOOSE_HEADER.matcher(first).matches()) {
            problems.warning(
                    place,
                    "the header is \"%s\", which the original refuses: write \"#cloud-config\""
                            .formatted(first.strip()));
            return true;
        }
        if (text.startsWith("#!")) {
            problems.error(place, "this is a script: only cloud-config documents are applied");
        } else if (isIgnition(text)) {
            problems.error(
                    place, "this is an Ignition document: only cloud-config documents are applied");
        } else {
            problems.error(
                    place,
                    "the first line must be \"#cloud-config\", it is \"%s\""
                            .formatted(first.strip()));
        }
        return false;
    }

    private static String firstLine(String text) {
        String first = text.lines().findFirst().orElse("");
        return first.length() <= QUOTED_CHARS_MAX
                ? first
                : first.substring(0, QUOTED_CHARS_MAX) + "...";
    }

    /** JSON with Ignition's version, of its first form or a later one. JSON is YAML too. */
    private static boolean isIgnition(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return false;
        }
        try {
            return YamlComposer.compose(text).root().stream()
                    .flatMap(root -> entries(root).stream())
                    .anyMatch(entry ->
                            entry.key().equals("ignitionVersion")
                                    || (entry.key().equals("ignition")
                                            && entries(entry.value()).stream()
                                                    .anyMatch(e -> e.key().equals("version"))));
        } catch (YamlFault e) {
            return false;
        }
    }

    private static List<Yaml.Entry> entries(Yaml node) {
        return node instanceof Yaml.Mapping mapping ? mapping.entries() : List.of();
    }

    private static Reading unusable(String words) {
        return new Reading(Optional.empty(), List.of(new Problem(Severity.ERROR, 1, 1, words)));
    }
}
