package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Field.Fields;
import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Shape.Checked;
import flotilla.cloudconfig.document.Shape.Scalar;
import flotilla.cloudconfig.document.Shape.Sequence;
import flotilla.cloudconfig.document.Shape.Struct;
import flotilla.cloudconfig.document.Yaml.Entry;
import flotilla.cloudconfig.document.Yaml.Kind;
import flotilla.cloudconfig.document.Yaml.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the YAML tree against {@link Keys}: unknown keys, wrong types, keys in the wrong place. A
 * scalar is taken by what is written, not by what YAML makes of it, so that {@code off} and {@code
 * 0644} stay themselves. How the original judged is {@link OriginalJudge}'s.
 */
final class Tree {
    private final Mode mode;
    private final Problems problems;

    Tree(Mode mode, Problems problems) {
        this.mode = mode;
        this.problems = problems;
    }

    /** Empty when the document is no mapping at all. */
    Optional<Fields> document(Yaml root) {
        if (!(root instanceof Mapping mapping)) {
            problems.error(
                    root.place(),
                    "the document must be a mapping (key: value lines), this is " + kind(root));
            return Optional.empty();
        }
        List<Entry> top = new ArrayList<>();
        List<Entry> misplaced = new ArrayList<>();
        for (Entry entry : mapping.entries()) {
            if (Keys.BELOW_COREOS.contains(entry.name()) && mode == Mode.LENIENT) {
                problems.warning(
                        entry.place(),
                        "\"%s:\" stands at the top level, where the original ignores it: put it below \"coreos:\", indented"
                                .formatted(entry.name()));
                misplaced.add(entry);
            } else {
                top.add(entry);
            }
        }
        if (!misplaced.isEmpty()) {
            // First, so that what stands where it belongs counts.
            Mapping below = new Mapping(misplaced.getFirst().place(), misplaced, 0);
            top.addFirst(new Entry("coreos", below.place(), below));
        }
        return Optional.of(
                struct(
                        new Mapping(mapping.place(), top, 0),
                        root.place(),
                        mode == Mode.LENIENT ? Keys.WITH_OURS : Keys.DOCUMENT));
    }

    private Fields struct(Mapping mapping, Place place, Struct struct) {
        Map<String, Field> fields = new LinkedHashMap<>();
        for (Entry entry : entries(mapping)) {
            child(entry, struct).ifPresent(field -> fields.put(entry.name(), field));
        }
        return new Fields(place, fields);
    }

    /**
     * A mapping's entries, each key once. Of mappings under one key all count, as they did when the
     * original applied them; of anything else the last.
     */
    private List<Entry> entries(Mapping mapping) {
        Map<String, Entry> byName = new LinkedHashMap<>();
        for (Entry entry : mapping.entries()) {
            Entry earlier = byName.remove(entry.name());
            byName.put(entry.name(), earlier == null ? entry : both(earlier, entry));
        }
        return List.copyOf(byName.values());
    }

    private Entry both(Entry earlier, Entry entry) {
        if (earlier.value() instanceof Mapping first && entry.value() instanceof Mapping second) {
            // A misplaced part has been told of already.
            boolean told = earlier.place().equals(first.place());
            if (!told) {
                problems.warning(
                        entry.place(),
                        "\"%s\" is given twice: this is taken together with that of line %d, and counts where both say something"
                                .formatted(entry.key(), earlier.place().line()));
            }
            List<Entry> all = new ArrayList<>(first.entries());
            all.addAll(second.entries());
            return new Entry(entry.key(), entry.place(), new Mapping(second.place(), all, 0));
        }
        problems.warning(
                entry.place(),
                "\"%s\" is given twice: this one counts, not that of line %d"
                        .formatted(entry.key(), earlier.place().line()));
        return entry;
    }

    private Optional<Field> child(Entry entry, Struct struct) {
        Shape shape = struct.keys().get(entry.name());
        if (shape == null) {
            // In 2014 any key of etcd and fleet went through; a newer option may be meant.
            if (!Keys.OF_2014.contains(entry.name()) || !struct.open()) {
                unknown(entry, struct);
            }
            boolean kept = struct.open() && mode == Mode.LENIENT;
            return kept ? field(entry.name(), entry, Scalar.TEXT) : Optional.empty();
        }
        if (mode == Mode.LENIENT && Keys.NOT_APPLIED.contains(entry.name())) {
            problems.warning(
                    entry.place(), "\"%s\" is read but not applied".formatted(entry.name()));
            problems.ofWhatIsNotApplied(() -> field(entry.name(), entry, shape));
            return Optional.empty();
        }
        return field(entry.name(), entry, shape).map(field -> at(field, entry.place()));
    }

    private void unknown(Entry entry, Struct struct) {
        if (problems.isFull()) {
            return;
        }
        List<String> homes = Keys.homes(entry.name());
        String hint = struct.open() ? "" : ": it is ignored";
        if (!homes.isEmpty()) {
            hint = ": it belongs " + String.join(", or ", homes);
        } else {
            hint =
                    Nearest.to(entry.name(), struct.keys().keySet())
                            .map(near -> ": did you mean \"" + near + "\"?")
                            .orElse(hint);
        }
        problems.warning(entry.place(), "unknown key \"%s\"%s".formatted(entry.name(), hint));
    }

    private Optional<Field> field(String name, Entry entry, Shape shape) {
        Yaml node = entry.value();
        return switch (shape) {
            case Scalar scalar -> scalar(name, node, scalar);
            case Checked checked -> checked(name, entry, checked);
            case Struct struct ->
                    node instanceof Mapping mapping
                            ? Optional.of(struct(mapping, node.place(), struct))
                            : wrongType(name, node, shape);
            case Sequence sequence -> {
                if (!(node instanceof Yaml.Sequence list)) {
                    yield wrongType(name, node, shape);
                }
                List<Field> fields = new ArrayList<>();
                for (int i = 0; i < list.items().size(); i++) {
                    Yaml item = list.items().get(i);
                    String itemName = name + "[" + i + "]";
                    field(itemName, new Entry(itemName, item.place(), item), sequence.element())
                            .ifPresent(fields::add);
                }
                yield Optional.of(new Field.Items(node.place(), fields));
            }
        };
    }

    private Optional<Field> checked(String name, Entry entry, Checked checked) {
        Optional<Field> field = scalar(name, entry.value(), Scalar.TEXT);
        if (field.isPresent()
                && field.get() instanceof Field.Text(Place place, String value)
                && !allowed(checked.allowed(), value)) {
            problems.error(
                    entry.place(),
                    "\"%s\" is not allowed here: give %s"
                            .formatted(value, checked.allowed().words()));
            return Optional.of(new Field.Bad(place));
        }
        return field;
    }

    private static boolean allowed(Allowed allowed, String value) {
        return switch (allowed) {
            // The original failed for another only when it applied the document.
            case ETC_HOSTS -> value.isEmpty() || value.equals("localhost");
            // Case was never looked at here.
            case ENCODING -> allowed.takes(value.toLowerCase(java.util.Locale.ROOT));
            case COMMAND, PERMISSIONS, REBOOT_STRATEGY, PROXY, WINDOW_START, WINDOW_LENGTH ->
                    allowed.takes(value);
        };
    }

    private Optional<Field> scalar(String name, Yaml node, Scalar want) {
        if (!(node instanceof Yaml.Scalar scalar) || scalar.kind() == Kind.NULL) {
            return wrongType(name, node, want);
        }
        Place place = node.place();
        String text = scalar.text();
        Optional<Field> field =
                switch (want) {
                    case CONTENT ->
                            Optional.of(
                                    scalar.kind() == Kind.BINARY
                                            ? new Field.Binary(place, scalar.bytes())
                                            : new Field.Text(place, text));
                    case TEXT ->
                            Optional.of(text)
                                    .filter(_ -> isText(scalar))
                                    .map(t -> new Field.Text(place, t));
                    case FLAG ->
                            Optional.of(scalar)
                                    .filter(s -> s.kind() == Kind.FLAG)
                                    .map(_ -> new Field.Flag(place, ScalarKinds.isTrue(text)));
                    case SWITCH ->
                            ScalarKinds.flag(text)
                                    .map(on -> new Field.Text(place, String.valueOf(on)));
                    case WHOLE ->
                            number(scalar, Kind.WHOLE).map(number -> new Field.Text(place, number));
                    case REAL ->
                            number(scalar, Kind.REAL).map(number -> new Field.Text(place, number));
                };
        return field.isPresent() ? field : wrongType(name, node, want);
    }

    private static boolean isText(Yaml.Scalar scalar) {
        return scalar.kind() != Kind.BINARY
                || java.util.Arrays.equals(
                        scalar.bytes(),
                        scalar.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** As etcd and fleet read it: a quoted number was one to them, and 0x10 and 010 are in it. */
    private static Optional<String> number(Yaml.Scalar scalar, Kind want) {
        Kind kind = ScalarKinds.of(scalar.text());
        if (kind == Kind.WHOLE) {
            return Optional.of(ScalarKinds.decimal(scalar.text()));
        }
        return kind == want ? Optional.of(scalar.text()) : Optional.empty();
    }

    private Optional<Field> wrongType(String name, Yaml node, Shape want) {
        Place place = node.place();
        if (node instanceof Yaml.Scalar scalar && scalar.kind() == Kind.NULL) {
            // As the original took it: entries that are commented out leave such a key behind.
            problems.warning(place, "\"%s\" is empty and counts as not given".formatted(name));
            return Optional.empty();
        }
        problems.error(
                place, "\"%s\" must be %s, this is %s".formatted(name, want.words(), kind(node)));
        return Optional.of(new Field.Bad(place));
    }

    private static String kind(Yaml node) {
        return switch (node) {
            case Mapping _ -> "a mapping";
            case Yaml.Sequence _ -> "a list";
            case Yaml.Scalar scalar when scalar.kind() == Kind.BINARY -> "binary";
            case Yaml.Scalar scalar -> "\"" + scalar.text().lines().findFirst().orElse("") + "\"";
        };
    }

    /** The same field, said to stand where its key stands. */
    private static Field at(Field field, Place place) {
        return switch (field) {
            case Field.Text(Place _, String value) -> new Field.Text(place, value);
            case Field.Binary(Place _, byte[] value) -> new Field.Binary(place, value);
            case Field.Flag(Place _, boolean value) -> new Field.Flag(place, value);
            case Field.Bad _ -> new Field.Bad(place);
            case Fields(Place _, Map<String, Field> byKey) -> new Fields(place, byKey);
            case Field.Items(Place _, List<Field> items) -> new Field.Items(place, items);
        };
    }
}
