package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * What the YAML library says of a bad text, in the words of the original's. Both descend from
 * PyYAML and find the same faults; the original's is libyaml put into Go.
 */
final class LibraryWords {
    /** How our library's words begin, and the original's for the same; the rest is the same. */
    private static final List<List<String>> ORIGINAL =
            List.of(
                    List.of("expected ',' or ']'", "did not find expected ',' or ']'"),
                    List.of("expected ',' or '}'", "did not find expected ',' or '}'"),
                    List.of("expected the node content", "did not find expected node content"),
                    List.of(
                            "expected '<document start>'",
                            "did not find expected <document start>"),
                    List.of(
                            "mapping values are not allowed",
                            "mapping values are not allowed in this context"),
                    List.of(
                            "mapping keys are not allowed",
                            "mapping keys are not allowed in this context"),
                    List.of(
                            "sequence entries are not allowed",
                            "block sequence entries are not allowed in this context"),
                    List.of("found unknown escape character", "found unknown escape character"),
                    List.of("found duplicate anchor", "found duplicate anchor"),
                    List.of(
                            "special characters are not allowed",
                            "control characters are not allowed"));

    static final String NO_TOKEN = "found character that cannot start any token";

    private LibraryWords() {}

    static YamlFault fault(MarkedYamlEngineException e) {
        Place place = place(e.getProblemMark().or(e::getContextMark));
        String words = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
        return new YamlFault(
                place,
                "this is no YAML: " + words,
                original(words, String.valueOf(e.getContext())),
                place.line());
    }

    private static String original(String words, String context) {
        if (words.startsWith("found character") && words.contains("that cannot start any token")) {
            return NO_TOKEN;
        }
        if (words.startsWith("expected <block end>")) {
            return context.contains("mapping")
                    ? "did not find expected key"
                    : "did not find expected '-' indicator";
        }
        return ORIGINAL.stream()
                .filter(pair -> words.startsWith(pair.getFirst()))
                .map(List::getLast)
                .findFirst()
                .orElse(words);
    }

    static Place place(Optional<Mark> mark) {
        return mark.map(m -> new Place(m.getLine() + 1, m.getColumn() + 1)).orElse(new Place(1, 1));
    }
}
