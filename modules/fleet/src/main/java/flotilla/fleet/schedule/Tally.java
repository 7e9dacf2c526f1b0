package flotilla.fleet.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How many instances of a template run where a key of the machines' metadata says what. Made for
 * one shape with {@code SpreadOver=}; for any other it counts nothing.
 */
final class Tally {
    /** What a machine counts without that key: it comes after all that have it. */
    static final long ABSENT = Long.MAX_VALUE;

    private final Shape shape;
    private final Optional<String> key;
    private final Map<String, Integer> instances = new HashMap<>();

    /** As they were counted. */
    private final Map<Seat, Integer> known = new HashMap<>();

    Tally(Shape shape, Seats seats) {
        this.shape = shape;
        this.key =
                shape.family.isEmpty() ? Optional.empty() : shape.wants.preferences().spreadOver();
        key.ifPresent(name -> seats.having(name).forEach(this::hear));
    }

    /** What the machine's metadata say of the key. */
    Optional<String> value(Seat seat) {
        return key.map(name -> seat.machine().metadata().get(name));
    }

    /** A machine may have got a unit, or lost one. */
    void hear(Seat seat) {
        if (key.isEmpty()) {
            return;
        }
        value(seat)
                .ifPresent(value -> {
                    int now = seat.relatives(shape);
                    Integer before = now == 0 ? known.remove(seat) : known.put(seat, now);
                    instances.merge(value, now - (before == null ? 0 : before), Integer::sum);
                });
    }

    /** How many instances there are where the key says so. */
    long of(Optional<String> value) {
        if (key.isEmpty()) {
            return 0;
        }
        return value.isEmpty() ? ABSENT : instances.getOrDefault(value.get(), 0);
    }
}
