package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Field.Fields;
import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Problem.Severity;
import flotilla.cloudconfig.document.Shape.Scalar;
import flotilla.cloudconfig.document.Shape.Sequence;
import flotilla.cloudconfig.document.Shape.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Holds the YAML tree against {@link Keys}: unknown keys, wrong types, keys in the wrong place. A
 * scalar is taken by what is written, not by what YAML makes of it, so that {@code off} and {@code
 * 0644} stay themselves.
 */
final class Tree {
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern TRUE = Pattern.compile("y|yes|on|true", Pattern.CASE_INSENSITIVE);
    private static final Pattern FALSE =
            Pattern.compile("n|no|off|false", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");
    private static final Pattern REAL =
            Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?");

    /** Anchors may make a node its own descendant; no cloud-config is this deep. */
    private static final int DEPTH_MAX = 20;

    private final Mode mode;
    private final List<Problem> problems;

    Tree(Mode mode, List<Problem> problems) {
        this.mode = mode;
        this.problems = problems;
    }

    /** Empty when the document is no mapping at all. */
    Optional<Fields> document(Node root) {
        if (!(root instanceof MappingNode mapping)) {
            add(
                    Severity.ERROR,
                    place(root),
                    "the document must be a mapping (key: value lines), this is " + kind(root));
            return Optional.empty();
        }
        Map<String, Field> fields = new LinkedHashMap<>();
        Map<String, Field> misplaced = new LinkedHashMap<>();
        for (Entry entry : entries(mapping)) {
            boolean belowCoreos = Keys.BELOW_COREOS.contains(entry.key());
            if (belowCoreos && mode == Mode.LENIENT) {
                add(
                        Severity.WARNING,
                        entry.place(),
                        "\"%s:\" stands at the top level, where the original ignores it: put it below \"coreos:\", indented"
                                .formatted(entry.key()));
                child(entry, coreos(), 1).ifPresent(field -> misplaced.put(entry.key(), field));
            } else {
                child(entry, Keys.DOCUMENT, 1).ifPresent(field -> fields.put(entry.key(), field));
            }
        }
        if (!misplaced.isEmpty()) {
            fields.put("coreos", merged(fields.get("coreos"), misplaced, place(root)));
        }
        return Optional.of(new Fields(place(root), fields));
    }

    private static Struct coreos() {
        return Keys.DOCUMENT.keys().get("coreos") instanceof Struct coreos
                ? coreos
                : new Struct(Map.of(), true);
    }

    /** What already stands below coreos wins over what was put beside it. */
    private static Field merged(@Nullable Field coreos, Map<String, Field> misplaced, Place root) {
        Map<String, Field> all = new LinkedHashMap<>(misplaced);
        Place place = root;
        if (coreos instanceof Fields fields) {
            all.putAll(fields.byKey());
            place = fields.place();
        }
        return new Fields(place, all);
    }

    private record Entry(String key, Place place, Node value) {}

    /** A mapping's entries with their keys as the original knows them; the last of equal ones. */
    private List<Entry> entries(MappingNode mapping) {
        Map<String, Entry> byKey = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place place = place(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                add(Severity.ERROR, place, "a key must be a word");
                continue;
            }
            String name = key.getValue().replace('-', '_');
            Entry earlier = byKey.remove(name);
            if (earlier != null && mode == Mode.LENIENT) {
                add(
                        Severity.WARNING,
                        place,
                        "\"%s\" is given twice: this one counts, not that of line %d"
                                .formatted(key.getValue(), earlier.place().line()));
            }
            byKey.put(name, new Entry(name, place, tuple.getValueNode()));
        }
        return List.copyOf(byKey.values());
    }

    private Optional<Field> child(Entry entry, Struct struct, int depth) {
        Shape shape = struct.keys().get(entry.key());
        if (shape == null) {
            unknown(entry, struct);
            // In 2014 any key of etcd and fleet went through; a newer option may be meant.
            boolean kept = struct.open() && mode == Mode.LENIENT;
            return kept ? field(entry.key(), entry.value(), Scalar.TEXT, depth) : Optional.empty();
        }
        if (mode == Mode.LENIENT && Keys.NOT_APPLIED.contains(entry.key())) {
            add(
                    Severity.WARNING,
                    entry.place(),
                    "\"%s\" is read but not applied".formatted(entry.key()));
            return Optional.empty();
        }
        return field(entry.key(), entry.value(), shape, depth)
                .map(field -> at(field, entry.place()));
    }

    private void unknown(Entry entry, Struct struct) {
        if (mode == Mode.STRICT) {
            add(Severity.WARNING, entry.place(), "unrecognized key \"%s\"".formatted(entry.key()));
            return;
        }
        String hint =
                Nearest.to(entry.key(), struct.keys().keySet())
                        .map(near -> ": did you mean \"" + near + "\"?")
                        .orElse(struct.open() ? "" : ": it is ignored");
        add(Severity.WARNING, entry.place(), "unknown key \"%s\"%s".formatted(entry.key(), hint));
    }

    private Optional<Field> field(String name, Node node, Shape shape, int depth) {
        if (depth > DEPTH_MAX) {
            add(Severity.ERROR, place(node), "the document is nested too deeply");
            return Optional.empty();
        }
        return switch (shape) {
            case Scalar scalar -> scalar(name, node, scalar);
            case Struct struct -> {
                if (!(node instanceof MappingNode mapping)) {
                    yield wrongType(name, node, shape);
                }
                Map<String, Field> fields = new HashMap<>();
                for (Entry entry : entries(mapping)) {
                    child(entry, struct, depth + 1)
                            .ifPresent(field -> fields.put(entry.key(), field));
                }
                yield Optional.of(new Fields(place(node), fields));
            }
            case Sequence sequence -> {
                if (!(node instanceof SequenceNode items)) {
                    yield wrongType(name, node, shape);
                }
                List<Field> fields = new ArrayList<>();
                for (int i = 0; i < items.getValue().size(); i++) {
                    Node item = items.getValue().get(i);
                    String itemName = name + "[" + i + "]";
                    field(itemName, item, sequence.element(), depth + 1).ifPresent(fields::add);
                }
                yield Optional.of(new Field.Items(place(node), fields));
            }
        };
    }

    private Optional<Field> scalar(String name, Node node, Scalar want) {
        if (!(node instanceof ScalarNode scalar)) {
            return wrongType(name, node, want);
        }
        String value = scalar.getValue();
        boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
        if (isNull(node)) {
            return wrongType(name, node, want);
        }
        Place place = place(node);
        return switch (want) {
            case TEXT -> Optional.of(new Field.Text(place, value));
            case FLAG ->
                    plain && TRUE.matcher(value).matches()
                            ? Optional.of(new Field.Flag(place, true))
                            : plain && FALSE.matcher(value).matches()
                                    ? Optional.of(new Field.Flag(place, false))
                                    : wrongType(name, node, want);
            case WHOLE ->
                    plain && WHOLE.matcher(value).matches()
                            ? Optional.of(new Field.Text(place, value))
                            : wrongType(name, node, want);
            case REAL ->
                    plain && REAL.matcher(value).matches()
                            ? Optional.of(new Field.Text(place, value))
                            : wrongType(name, node, want);
        };
    }

    private Optional<Field> wrongType(String name, Node node, Shape want) {
        Place place = place(node);
        if (mode == Mode.STRICT) {
            add(
                    Severity.WARNING,
                    place,
                    "incorrect type for \"%s\" (want %s)".formatted(name, want.want()));
        } else if (isNull(node)) {
            // As the original took it: entries that are commented out leave such a key behind.
            add(Severity.WARNING, place, "\"%s\" is empty and counts as not given".formatted(name));
        } else {
            add(
                    Severity.ERROR,
                    place,
                    "\"%s\" must be %s, this is %s".formatted(name, want.words(), kind(node)));
        }
        return Optional.empty();
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar
                && scalar.getScalarStyle() == ScalarStyle.PLAIN
                && NULL.matcher(scalar.getValue()).matches();
    }

    private static String kind(Node node) {
        return switch (node) {
            case MappingNode _ -> "a mapping";
            case SequenceNode _ -> "a list";
            case ScalarNode scalar ->
                    "\"" + scalar.getValue().lines().findFirst().orElse("") + "\"";
            default -> "something else";
        };
    }

    /** The same field, said to stand where its key stands. */
    private static Field at(Field field, Place place) {
        return switch (field) {
            case Field.Text(Place _, String value) -> new Field.Text(place, value);
            case Field.Flag(Place _, boolean value) -> new Field.Flag(place, value);
            case Fields(Place _, Map<String, Field> byKey) -> new Fields(place, byKey);
            case Field.Items(Place _, List<Field> items) -> new Field.Items(place, items);
        };
    }

    private static Place place(Node node) {
        Mark mark = node.getStartMark().orElse(null);
        return mark == null ? new Place(1, 1) : new Place(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private void add(Severity severity, Place place, String message) {
        problems.add(new Problem(severity, place.line(), place.column(), message));
    }
}
