package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;
import flotilla.cloudconfig.document.Yaml.Entry;
import flotilla.cloudconfig.document.Yaml.Kind;
import flotilla.cloudconfig.document.Yaml.Mapping;
import flotilla.cloudconfig.document.Yaml.Scalar;
import flotilla.cloudconfig.document.Yaml.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Text to {@link Yaml}. The library finds the tokens; what tags, aliases and merge keys mean is
 * YAML 1.1's and stands here. Takes time and memory in proportion to the text: an alias shares what
 * its anchor holds, and what all of them come to is counted while they are read.
 */
final class YamlComposer {
    /** Of mappings and lists in each other; no cloud-config needs ten. */
    private static final int DEPTH_MAX = 50;

    /** What a node counts beside its characters, so that many empty ones have a limit too. */
    static final int NODE_SIZE = 16;

    /** Characters, and {@link #NODE_SIZE} a node, with all aliases put in: four full documents. */
    static final int EXPANDED_MAX = 4 * DocumentReader.TEXT_CHARS_MAX;

    private static final String TAG = "tag:yaml.org,2002:";

    private final Iterator<Event> events;
    private final Map<Anchor, Yaml> anchors = new HashMap<>();
    private final Set<Anchor> open = new HashSet<>();
    private final List<Problem> unhonoured = new ArrayList<>();

    /**
     * @param root empty when there are comments only, or a null
     * @param unhonoured what is written and has no meaning here; the original passed it over
     */
    record Composed(Optional<Yaml> root, List<Problem> unhonoured) {}

    private YamlComposer(String text) {
        LoadSettings settings =
                LoadSettings.builder()
                        .setCodePointLimit(DocumentReader.TEXT_CHARS_MAX)
                        .setUseMarks(true)
                        .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    static Composed compose(String text) throws YamlFault {
        try {
            YamlComposer composer = new YamlComposer(text);
            Optional<Yaml> root = composer.document();
            return new Composed(root, composer.unhonoured);
        } catch (MarkedYamlEngineException e) {
            throw LibraryWords.fault(e);
        } catch (YamlEngineException e) {
            throw YamlFault.of(new Place(1, 1), String.valueOf(e.getMessage()));
        }
    }

    private Optional<Yaml> document() throws YamlFault {
        events.next();
        if (events.next().getEventId() == Event.ID.StreamEnd) {
            return Optional.empty();
        }
        Yaml root = node(events.next(), 0);
        events.next();
        // The original never looks behind the first document, not even for bad YAML.
        Event after = events.next();
        if (after.getEventId() != Event.ID.StreamEnd) {
            say(place(after), "a second document begins here: only the first is read");
        }
        return root instanceof Scalar scalar && scalar.kind() == Kind.NULL
                ? Optional.empty()
                : Optional.of(root);
    }

    private Yaml node(Event event, int depth) throws YamlFault {
        if (depth > DEPTH_MAX) {
            throw YamlFault.of(place(event), "the document is nested too deeply");
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        Optional<Anchor> anchor = ((NodeEvent) event).getAnchor();
        anchor.ifPresent(open::add);
        Yaml node =
                switch (event) {
                    case ScalarEvent scalar -> scalar(scalar);
                    case CollectionStartEvent start
                            when start.getEventId() == Event.ID.MappingStart ->
                            mapping(start, depth);
                    case CollectionStartEvent start -> sequence(start, depth);
                    default -> throw new IllegalStateException("no node: " + event);
                };
        anchor.ifPresent(name -> {
            open.remove(name);
            anchors.put(name, node);
        });
        return limited(node, place(event));
    }

    private Yaml aliased(AliasEvent alias) throws YamlFault {
        Anchor name = alias.getAlias();
        Yaml node = anchors.get(name);
        if (open.contains(name)) {
            throw YamlFault.of(place(alias), "anchor '" + name + "' value contains itself");
        }
        if (node == null) {
            throw YamlFault.of(place(alias), "unknown anchor '" + name + "' referenced");
        }
        return node;
    }

    private static Yaml limited(Yaml node, Place place) throws YamlFault {
        if (node.size() > EXPANDED_MAX) {
            throw YamlFault.of(
                    place,
                    "with its aliases put in the document is larger than %d characters: write long values once, and to a file of their own"
                            .formatted(EXPANDED_MAX));
        }
        return node;
    }

    private Scalar scalar(ScalarEvent event) throws YamlFault {
        Place place = place(event);
        String text = event.getValue();
        String tag = event.getTag().orElse(event.isPlain() ? "" : "!");
        Kind implicit = ScalarKinds.of(text);
        return switch (tag.startsWith(TAG) ? tag.substring(TAG.length()) : tag) {
            case "" -> plain(place, implicit, text);
            case "!", "str", "timestamp", "merge" -> plain(place, Kind.TEXT, text);
            case "null" -> tagged(event, Kind.NULL, implicit);
            case "bool" -> tagged(event, Kind.FLAG, implicit);
            case "int" -> tagged(event, Kind.WHOLE, implicit);
            case "float" -> tagged(event, Kind.REAL, implicit == Kind.WHOLE ? Kind.REAL : implicit);
            case "binary" -> binary(place, text);
            default -> {
                strange(place, tag);
                yield plain(place, Kind.TEXT, text);
            }
        };
    }

    private static Scalar plain(Place place, Kind kind, String text) {
        return new Scalar(place, kind, text, new byte[0]);
    }

    private static Scalar tagged(ScalarEvent event, Kind wanted, Kind written) throws YamlFault {
        if (wanted != written) {
            throw YamlFault.of(
                    place(event),
                    "cannot decode %s `%s` as a %s"
                            .formatted(shortTag(written), event.getValue(), shortTag(wanted)));
        }
        return plain(place(event), wanted, event.getValue());
    }

    private static String shortTag(Kind kind) {
        return switch (kind) {
            case TEXT -> "!!str";
            case WHOLE -> "!!int";
            case REAL -> "!!float";
            case FLAG -> "!!bool";
            case NULL -> "!!null";
            case BINARY -> "!!binary";
        };
    }

    private static Scalar binary(Place place, String text) throws YamlFault {
        try {
            byte[] bytes = Base64.getDecoder().decode(text.replaceAll("[\\r\\n \\t]", ""));
            return new Scalar(place, Kind.BINARY, new String(bytes, StandardCharsets.UTF_8), bytes);
        } catch (IllegalArgumentException e) {
            throw YamlFault.of(place, "!!binary value contains invalid base64 data");
        }
    }

    private Sequence sequence(CollectionStartEvent start, int depth) throws YamlFault {
        expectTag(start, "seq");
        List<Yaml> items = new ArrayList<>();
        long size = NODE_SIZE;
        for (Event event = events.next();
                event.getEventId() != Event.ID.SequenceEnd;
                event = events.next()) {
            Yaml item = node(event, depth + 1);
            items.add(item);
            size += item.size();
            limited(new Sequence(place(start), List.of(), size), place(event));
        }
        return new Sequence(place(start), items, size);
    }

    private Mapping mapping(CollectionStartEvent start, int depth) throws YamlFault {
        expectTag(start, "map");
        List<Entry> entries = new ArrayList<>();
        List<Entry> merged = new ArrayList<>();
        for (Event event = events.next();
                event.getEventId() != Event.ID.MappingEnd;
                event = events.next()) {
            boolean merge = isMergeKey(event);
            if (!(node(event, depth + 1) instanceof Scalar key)) {
                throw YamlFault.of(place(event), "a key must be a word");
            }
            Event next = events.next();
            Yaml value = node(next, depth + 1);
            if (merge) {
                merged.addAll(mergeable(value, place(next)));
                long size = (long) merged.size() * NODE_SIZE;
                limited(new Mapping(place(start), List.of(), size), place(next));
            } else {
                entries.add(new Entry(key.text(), place(event), value));
            }
        }
        Set<String> known = new HashSet<>();
        entries.forEach(entry -> known.add(entry.name()));
        merged.stream().filter(entry -> known.add(entry.name())).forEach(entries::add);
        long size =
                NODE_SIZE
                        + entries.stream()
                                .mapToLong(entry ->
                                        NODE_SIZE + entry.key().length() + entry.value().size())
                                .sum();
        return new Mapping(place(start), entries, size);
    }

    private static boolean isMergeKey(Event event) {
        return event instanceof ScalarEvent scalar
                && scalar.getTag()
                        .map(tag -> tag.equals(TAG + "merge"))
                        .orElse(scalar.isPlain() && scalar.getValue().equals("<<"));
    }

    /** What a merge key brings in; of several mappings the earlier counts (yaml.org/type/merge). */
    private static List<Entry> mergeable(Yaml value, Place place) throws YamlFault {
        List<Entry> entries = new ArrayList<>();
        List<Yaml> sources = value instanceof Sequence list ? list.items() : List.of(value);
        for (Yaml source : sources) {
            if (!(source instanceof Mapping mapping)) {
                throw YamlFault.of(
                        place, "map merge requires map or sequence of maps as the value");
            }
            // Of equal keys in one mapping the last counts.
            entries.addAll(mapping.entries().reversed());
        }
        return entries;
    }

    private void expectTag(CollectionStartEvent start, String expected) {
        start.getTag()
                .filter(tag -> !tag.equals("!") && !tag.equals(TAG + expected))
                .ifPresent(tag -> strange(place(start), tag));
    }

    private void strange(Place place, String tag) {
        String written = tag.startsWith(TAG) ? "!!" + tag.substring(TAG.length()) : tag;
        say(place, "the tag " + written + " has no meaning here: write the value without it");
    }

    private void say(Place place, String words) {
        if (unhonoured.size() < DocumentReader.PROBLEMS_MAX) {
            unhonoured.add(
                    new Problem(Problem.Severity.ERROR, place.line(), place.column(), words));
        }
    }

    private static Place place(Event event) {
        return LibraryWords.place(event.getStartMark());
    }
}
