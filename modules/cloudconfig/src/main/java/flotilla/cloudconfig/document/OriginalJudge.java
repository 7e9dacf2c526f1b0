package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Problem.Severity;
import flotilla.cloudconfig.document.Shape.Scalar;
import flotilla.cloudconfig.document.Yaml.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code coreos-cloudinit -validate} of 2018 says of a document: its rules, in its order and
 * its words, at its lines. It is put right in three places only: its entries of one mapping came in
 * a random order and are sorted by line; a list passed for an empty document; and it called etcd
 * and fleet no longer shipped, which here they are.
 */
final class OriginalJudge {
    /** What Go makes a text of when there is no value; it is in no encoding. */
    private static final byte[] NO_VALUE = "<invalid Value>".getBytes(StandardCharsets.UTF_8);

    private final OriginalLines lines;

    /** What all files together may still unpack to while they are checked. */
    private int bytesLeft = Encoding.BYTES_MAX;

    private final List<Problem> problems = new ArrayList<>();

    private OriginalJudge(String text) {
        this.lines = new OriginalLines(text);
    }

    /**
     * A value as the original saw it.
     *
     * @param name its key, dashes put right; of an item {@code key[0]}
     * @param line where it is said to stand
     */
    private record Node(String name, int line, Yaml value, List<Node> children) {
        Optional<Node> child(String wanted) {
            return children.stream().filter(child -> child.name().equals(wanted)).findFirst();
        }

        boolean isNull() {
            return value instanceof Yaml.Scalar scalar && scalar.kind() == Kind.NULL;
        }

        /** As Go prints it; what is no scalar was printed as its type, which no rule takes. */
        String text() {
            return value instanceof Yaml.Scalar scalar && !isNull()
                    ? scalar.text()
                    : "<invalid Value>";
        }

        byte[] bytes() {
            return value instanceof Yaml.Scalar scalar && scalar.kind() == Kind.BINARY
                    ? scalar.bytes()
                    : text().getBytes(StandardCharsets.UTF_8);
        }
    }

    static List<Problem> judge(String text, Yaml root) {
        OriginalJudge judge = new OriginalJudge(text);
        if (!(root instanceof Yaml.Mapping)) {
            judge.say(Severity.ERROR, root.place().line(), "incorrect type for \"\" (want struct)");
            return judge.problems;
        }
        Node document = judge.node("", 1, 1, root);
        judge.checkDiscovery(document);
        judge.checkEncodings(document);
        judge.checkStructure(document, Keys.DOCUMENT);
        judge.checkValidity(document, Keys.DOCUMENT);
        judge.checkPaths(document);
        judge.checkWriteFilesBelowCoreos(document);
        judge.problems.sort(Comparator.comparingInt(Problem::line));
        return judge.problems;
    }

    /**
     * @param from the line from which its children are looked for
     */
    private Node node(String name, int line, int from, Yaml value) {
        List<Node> children = new ArrayList<>();
        switch (value) {
            case Yaml.Scalar _ -> {}
            case Yaml.Mapping mapping -> {
                Map<String, Yaml> byKey = new LinkedHashMap<>();
                mapping.entries().forEach(entry -> byKey.put(entry.key(), entry.value()));
                byKey.forEach((key, child) -> {
                    int found = lines.key(key, from);
                    children.add(node(key.replace('-', '_'), told(found), found, child));
                });
            }
            case Yaml.Sequence sequence -> {
                int at = from;
                for (int i = 0; i < sequence.items().size(); i++) {
                    at = lines.item(at);
                    children.add(node(name + "[" + i + "]", told(at), at, sequence.items().get(i)));
                    at = Math.min(at + 1, lines.end());
                }
            }
        }
        return new Node(name, line, value, children);
    }

    private int told(int line) {
        return line == lines.end() ? OriginalLines.NOWHERE : line;
    }

    private void checkDiscovery(Node document) {
        document.child("coreos")
                .flatMap(coreos -> coreos.child("etcd"))
                .flatMap(etcd -> etcd.child("discovery"))
                .filter(node -> !node.isNull() && !RequestUri.isValid(node.text()))
                .ifPresent(
                        node -> say(Severity.WARNING, node.line(), "discovery URL is not valid"));
    }

    private void checkEncodings(Node document) {
        for (Node file : files(document)) {
            Optional<Node> encoding = file.child("encoding").filter(node -> !node.isNull());
            if (encoding.isEmpty()) {
                continue;
            }
            String name = encoding.get().text();
            Optional<Node> content = file.child("content");
            if (!decodes(name, content.map(Node::bytes).orElse(NO_VALUE))) {
                say(
                        Severity.ERROR,
                        content.map(Node::line).orElse(OriginalLines.NOWHERE),
                        "content cannot be decoded as " + quoted(name));
            }
        }
    }

    private boolean decodes(String encoding, byte[] content) {
        if (!Encoding.isOriginals(encoding, content)) {
            return false;
        }
        Encoding.Unpacked unpacked = Encoding.unpack(encoding, content, bytesLeft);
        bytesLeft -= unpacked.bytes().map(bytes -> bytes.length).orElse(0);
        return unpacked.bytes().isPresent() || unpacked.tooLarge();
    }

    private void checkStructure(Node node, Shape shape) {
        if (!isCompatible(node.value(), shape)) {
            say(
                    Severity.WARNING,
                    node.line(),
                    "incorrect type for %s (want %s)".formatted(quoted(node.name()), shape.want()));
            return;
        }
        for (Node child : node.children()) {
            switch (shape) {
                case Shape.Sequence list -> checkStructure(child, list.element());
                case Shape.Struct struct -> checkKey(child, struct);
                case Scalar _, Shape.Checked _ -> {}
            }
        }
    }

    private void checkKey(Node node, Shape.Struct struct) {
        Shape shape = struct.keys().get(node.name());
        if (shape == null) {
            say(Severity.WARNING, node.line(), "unrecognized key " + quoted(node.name()));
            return;
        }
        String reason = struct.deprecated().get(node.name());
        if (reason != null) {
            say(
                    Severity.WARNING,
                    node.line(),
                    "deprecated key %s (%s)".formatted(quoted(node.name()), reason));
        }
        checkStructure(node, shape);
    }

    private static boolean isCompatible(Yaml value, Shape shape) {
        return switch (shape) {
            case Shape.Struct _ -> value instanceof Yaml.Mapping;
            case Shape.Sequence _ -> value instanceof Yaml.Sequence;
            case Shape.Checked _ -> isText(value);
            case Scalar scalar ->
                    switch (scalar) {
                        case TEXT, CONTENT -> isText(value);
                        case WHOLE -> is(value, Kind.WHOLE);
                        case REAL -> is(value, Kind.REAL) || is(value, Kind.WHOLE);
                        case FLAG, SWITCH -> is(value, Kind.FLAG);
                    };
        };
    }

    private static boolean isText(Yaml value) {
        return value instanceof Yaml.Scalar scalar && scalar.kind() != Kind.NULL;
    }

    private static boolean is(Yaml value, Kind kind) {
        return value instanceof Yaml.Scalar scalar && scalar.kind() == kind;
    }

    private void checkValidity(Node node, Shape shape) {
        switch (shape) {
            case Scalar _ -> {}
            case Shape.Checked checked -> {
                if (isText(node.value()) && !checked.allowed().takes(node.text())) {
                    say(Severity.ERROR, node.line(), "invalid value " + node.text());
                }
            }
            case Shape.Sequence list ->
                    node.children().forEach(child -> checkValidity(child, list.element()));
            case Shape.Struct struct -> {
                for (Node child : node.children()) {
                    Shape known = struct.keys().get(child.name());
                    if (known != null) {
                        checkValidity(child, known);
                    }
                }
            }
        }
    }

    private void checkPaths(Node document) {
        for (Node file : files(document)) {
            file.child("path")
                    .filter(path ->
                            !path.isNull() && UnixPath.directory(path.text()).startsWith("/usr"))
                    .ifPresent(path ->
                            say(
                                    Severity.ERROR,
                                    path.line(),
                                    "file cannot be written to a read-only filesystem"));
        }
    }

    private void checkWriteFilesBelowCoreos(Node document) {
        document.child("coreos")
                .flatMap(coreos -> coreos.child("write_files"))
                .filter(node -> !node.isNull())
                .ifPresent(node ->
                        say(Severity.INFO, node.line(), "write_files doesn't belong under coreos"));
    }

    private static List<Node> files(Node document) {
        return document.child("write_files").map(Node::children).orElse(List.of());
    }

    /** As Go's %q, of what may be in a key. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private void say(Severity severity, int line, String message) {
        problems.add(new Problem(severity, line, Problem.NO_COLUMN, message));
    }
}
