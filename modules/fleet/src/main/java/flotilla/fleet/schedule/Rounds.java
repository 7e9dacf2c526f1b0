package flotilla.fleet.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Settles a board from the ground, as often as it takes: for units that make others leave ({@code
 * Replaces=}), which all is placed again for with them counted as being there already; and for
 * those that may have to stay on their drained machine ({@link Drain}).
 */
final class Rounds {
    /**
     * How often all is placed again for the sake of units that replace others. Whoever was not
     * settled by then makes room in a later pass: what is placed counts as being there.
     */
    private static final int MAX_ROUNDS = 100;

    private final Board board;
    private final Map<Line, Place> origins = new HashMap<>();

    /**
     * Where a unit begins, and why.
     *
     * @param choice as {@link Line#choice}
     */
    private record Place(@Nullable Seat seat, String cause, @Nullable Choice choice) {
        static Place of(Line line) {
            return new Place(line.seat, line.cause, line.choice);
        }
    }

    Rounds(Board board) {
        this.board = board;
    }

    void run() {
        SortedMap<String, Task> tasks = new TreeMap<>();
        for (Line line : board.roster().lines()) {
            Seat home = line.shape.global() ? null : board.home(line);
            origins.put(line, new Place(home, line.cause, line.choice));
            Set<String> current =
                    line.shape.global() ? line.told : home == null ? Set.of() : Set.of(home.id());
            tasks.put(line.name, new Task(line.name, line.shape.family, line.shape.wants, current));
        }
        Drain.settle(tasks, board.seats().all().stream().map(Seat::machine).toList(), this::pass);
        board.staying(Map.of());
    }

    /** Gives back the machine of each unit that is not global. */
    private Map<String, String> pass(Map<String, String> staying) {
        board.staying(staying);
        Map<Line, Place> arrived = new HashMap<>();
        Map<Line, Seat> replacing = place(arrived);
        // Each round settles at least one more of the units that replace others.
        for (int round = 0; round < MAX_ROUNDS && !replacing.isEmpty(); round++) {
            replacing.keySet().forEach(line -> arrived.put(line, Place.of(line)));
            replacing = place(arrived);
        }
        Map<String, String> places = new HashMap<>();
        for (Line line : board.roster().lines()) {
            if (line.seat != null) {
                places.put(line.name, line.seat.id());
            }
        }
        return places;
    }

    /** Gives back the units that make others leave, and were not counted as being there. */
    private Map<Line, Seat> place(Map<Line, Place> arrived) {
        board.seats().all().forEach(Seat::clear);
        for (Line line : board.roster().lines()) {
            if (!line.shape.global()) {
                begin(line, arrived.getOrDefault(line, Place.of(line)), arrived.containsKey(line));
            }
        }
        board.waiting().forget();
        Map<Line, Seat> replacing = new HashMap<>(board.settle(board.seats().all()));
        replacing.keySet().removeAll(arrived.keySet());
        return replacing;
    }

    private void begin(Line line, Place arrival, boolean arrived) {
        Place place = arrived ? arrival : origins.getOrDefault(line, arrival);
        board.waiting().remove(line);
        line.seat = place.seat();
        line.cause = place.cause();
        line.choice = place.choice();
        if (line.seat == null) {
            board.waiting().add(line);
        } else {
            line.seat.add(line);
        }
    }
}
