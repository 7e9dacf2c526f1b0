package flotilla.cloudconfig.document;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A node of the document whose shape was looked at, with its place. */
sealed interface Field {
    Place place();

    /** Where its key, or its dash, stands. */
    record Place(int line, int column) {}

    record Text(Place place, String value) implements Field {}

    /** A text that is given as bytes. */
    record Binary(Place place, byte[] value) implements Field {}

    record Flag(Place place, boolean value) implements Field {}

    /** Something that could not be taken, which a problem tells; not the same as nothing. */
    record Bad(Place place) implements Field {}

    record Fields(Place place, Map<String, Field> byKey) implements Field {
        String text(String key) {
            return byKey.get(key) instanceof Text text ? text.value() : "";
        }

        byte[] bytes(String key) {
            return byKey.get(key) instanceof Binary binary
                    ? binary.value()
                    : text(key).getBytes(StandardCharsets.UTF_8);
        }

        boolean flag(String key) {
            return byKey.get(key) instanceof Flag flag && flag.value();
        }

        Fields fields(String key) {
            return byKey.get(key) instanceof Fields fields ? fields : new Fields(place, Map.of());
        }

        List<Field> items(String key) {
            return byKey.get(key) instanceof Items items ? items.items() : List.of();
        }

        boolean hasBad() {
            return byKey.values().stream().anyMatch(Bad.class::isInstance);
        }

        /** Where this key's value stands; this mapping's own place when it has no such key. */
        Place placeOf(String key) {
            Field field = byKey.get(key);
            return field == null ? place : field.place();
        }
    }

    record Items(Place place, List<Field> items) implements Field {}
}
