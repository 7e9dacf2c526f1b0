package flotilla.fleet.schedule;

import flotilla.fleet.job.Machine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The machines, found by id and by what their metadata says. */
final class Seats {
    private final Roster roster;
    private final NavigableMap<String, Seat> byId = new TreeMap<>();
    private final Map<String, Map<String, NavigableMap<String, Seat>>> byLabel = new HashMap<>();
    private final Map<String, Seat> draining = new HashMap<>();
    private final Deque<Integer> freeSlots = new ArrayDeque<>();
    private int slots;

    Seats(Roster roster) {
        this.roster = roster;
    }

    @Nullable Seat find(String id) {
        return byId.get(id);
    }

    /** By id. */
    Collection<Seat> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** Those whose metadata have that key. */
    Stream<Seat> having(String key) {
        return byLabel.getOrDefault(key, Map.of()).values().stream()
                .flatMap(seats -> seats.values().stream());
    }

    /** Those that are to be empty. */
    Collection<Seat> draining() {
        return Collections.unmodifiableCollection(draining.values());
    }

    /** One more than any seat's slot. */
    int slots() {
        return slots;
    }

    Seat add(Machine machine) {
        Integer freed = freeSlots.pollFirst();
        Seat seat = new Seat(freed == null ? slots++ : freed, machine, roster);
        byId.put(seat.id(), seat);
        label(seat);
        return seat;
    }

    void change(Seat seat, Machine machine) {
        unlabel(seat);
        seat.becomes(machine);
        label(seat);
    }

    void remove(Seat seat) {
        unlabel(seat);
        byId.remove(seat.id());
        freeSlots.addLast(seat.slot);
    }

    private void label(Seat seat) {
        if (seat.isDraining()) {
            draining.put(seat.id(), seat);
        }
        seat.machine()
                .metadata()
                .forEach((key, value) ->
                        byLabel.computeIfAbsent(key, _ -> new HashMap<>())
                                .computeIfAbsent(value, _ -> new TreeMap<>())
                                .put(seat.id(), seat));
    }

    private void unlabel(Seat seat) {
        draining.remove(seat.id());
        seat.machine()
                .metadata()
                .forEach((key, value) -> {
                    Map<String, NavigableMap<String, Seat>> values = byLabel.get(key);
                    if (values != null) {
                        values.computeIfPresent(value, (_, seats) -> without(seats, seat));
                        byLabel.computeIfPresent(key, (_, left) -> left.isEmpty() ? null : left);
                    }
                });
    }

    private static @Nullable NavigableMap<String, Seat> without(
            NavigableMap<String, Seat> seats, Seat seat) {
        seats.remove(seat.id());
        return seats.isEmpty() ? null : seats;
    }

    /** All machines that could have units of the shape, and as few others as is easily said. */
    Collection<Seat> candidates(Shape shape) {
        if (shape.follows()) {
            for (String companion : shape.wants.machineOf()) {
                Line line = roster.find(companion);
                if (line == null || (line.seat == null && !line.shape.global())) {
                    return List.of();
                }
                if (line.seat != null) {
                    return List.of(line.seat);
                }
            }
        }
        if (shape.wants.machineId().isPresent()) {
            String id = shape.wants.machineId().get();
            return byId.subMap(id, true, id + Character.MAX_VALUE, false).values();
        }
        return labelled(shape.wants.metadata());
    }

    /** Those with the label that fewest have. */
    private Collection<Seat> labelled(Map<String, Set<String>> wanted) {
        return wanted.entrySet().stream()
                .map(label -> labelled(label.getKey(), label.getValue()))
                .min(Comparator.comparingInt(Collection::size))
                .orElse(byId.values());
    }

    private Collection<Seat> labelled(String key, Set<String> any) {
        Map<String, NavigableMap<String, Seat>> values = byLabel.getOrDefault(key, Map.of());
        List<Seat> found = new ArrayList<>();
        any.forEach(value ->
                found.addAll(values.getOrDefault(value, Collections.emptyNavigableMap()).values()));
        return found;
    }
}
