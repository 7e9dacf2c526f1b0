package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.CloudConfig.Reading;
import flotilla.cloudconfig.document.Problem.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Text to document: the header, the YAML, then the tree against {@link Keys}, then the values. */
final class DocumentReader {
    /** The exact header: the whole first line, but for white space at its end. */
    private static final Pattern HEADER = Pattern.compile("#cloud-config[ \\t\\r]*");

    /** What else people write for it, the article's author among them. */
    private static final Pattern LOOSE_HEADER =
            Pattern.compile("\\uFEFF?[ \\t]*#[ \\t]*cloud-config\\b.*", Pattern.CASE_INSENSITIVE);

    /** A larger document is refused: the largest that any cloud hands out is 64 KiB. */
    static final int TEXT_CHARS_MAX = 1024 * 1024;

    private final Mode mode;
    private final List<Problem> problems = new ArrayList<>();

    private DocumentReader(Mode mode) {
        this.mode = mode;
    }

    static Reading read(String text, Mode mode) {
        DocumentReader reader = new DocumentReader(mode);
        Optional<CloudConfig> document = reader.document(text);
        reader.problems.sort(Problem.BY_PLACE);
        return new Reading(document, reader.problems);
    }

    private Optional<CloudConfig> document(String text) {
        if (text.isEmpty()) {
            return Optional.of(Values.NOTHING);
        }
        if (text.length() > TEXT_CHARS_MAX) {
            error("the document is longer than " + TEXT_CHARS_MAX + " characters");
            return Optional.empty();
        }
        if (!headerIsGood(text.lines().findFirst().orElse(""))) {
            return Optional.empty();
        }
        Optional<Node> root = compose(text.startsWith("\uFEFF") ? text.substring(1) : text);
        if (root.isEmpty()) {
            // A document of comments only asks for nothing.
            return problems.stream().anyMatch(p -> p.severity() == Severity.ERROR)
                    ? Optional.empty()
                    : Optional.of(Values.NOTHING);
        }
        Tree tree = new Tree(mode, problems);
        return tree.document(root.get()).map(fields -> new Values(mode, problems).read(fields));
    }

    private boolean headerIsGood(String first) {
        if (HEADER.matcher(first).matches()) {
            return true;
        }
        if (mode == Mode.STRICT) {
            error("must be \"#cloud-config\" or begin with \"#!\"");
            return false;
        }
        if (LOOSE_HEADER.matcher(first).matches()) {
            problems.add(
                    new Problem(
                            Severity.WARNING,
                            1,
                            1,
                            "the header is \"%s\", which the original refuses: write \"#cloud-config\""
                                    .formatted(first.strip())));
            return true;
        }
        error(
                first.startsWith("#!")
                        ? "this is a script: only cloud-config documents are applied"
                        : "the first line must be \"#cloud-config\", it is \"%s\""
                                .formatted(first.strip()));
        return false;
    }

    private Optional<Node> compose(String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setAllowDuplicateKeys(true)
                        .setCodePointLimit(TEXT_CHARS_MAX)
                        .setUseMarks(true)
                        .build();
        try {
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            String what = e.getProblem() == null ? String.valueOf(e.getMessage()) : e.getProblem();
            problems.add(
                    new Problem(
                            Severity.ERROR,
                            mark == null ? 1 : mark.getLine() + 1,
                            mark == null ? 1 : mark.getColumn() + 1,
                            mode == Mode.STRICT ? what : "this is no YAML: " + what));
        } catch (YamlEngineException e) {
            error("this is no YAML: " + e.getMessage());
        } catch (StackOverflowError e) {
            error("the document is nested too deeply");
        }
        return Optional.empty();
    }

    private void error(String message) {
        problems.add(new Problem(Severity.ERROR, 1, 1, message));
    }
}
