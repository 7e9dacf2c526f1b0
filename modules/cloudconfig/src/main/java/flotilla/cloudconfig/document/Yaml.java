package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Field.Place;
import java.util.List;

/** A YAML 1.1 document: aliases put in, merge keys taken in, each scalar with its kind. */
sealed interface Yaml {
    /** Where it is written; of an alias, where its anchor is. */
    Place place();

    /** What it comes to with all aliases put in, see {@link YamlComposer#EXPANDED_MAX}. */
    long size();

    /** What a scalar is, by its tag or by how it is written. */
    enum Kind {
        TEXT,
        WHOLE,
        REAL,
        FLAG,
        NULL,
        BINARY
    }

    /**
     * @param text as written, not as YAML understands it: {@code off} and {@code 0644} stay
     *     themselves; of a {@code !!binary} the bytes as UTF-8
     * @param bytes of a {@code !!binary}; otherwise empty
     */
    record Scalar(Place place, Kind kind, String text, byte[] bytes) implements Yaml {
        @Override
        public long size() {
            return (long) YamlComposer.NODE_SIZE + text.length() + bytes.length;
        }
    }

    record Sequence(Place place, List<Yaml> items, long size) implements Yaml {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * @param entries in order, equal keys too; those of merge keys last
     */
    record Mapping(Place place, List<Entry> entries, long size) implements Yaml {
        public Mapping {
            entries = List.copyOf(entries);
        }
    }

    /**
     * @param key as written
     */
    record Entry(String key, Place place, Yaml value) {
        /** As cloud-config knows it: a dash counts as an underscore. */
        String name() {
            return key.replace('-', '_');
        }
    }
}
