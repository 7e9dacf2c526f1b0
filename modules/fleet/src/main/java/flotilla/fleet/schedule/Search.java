package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds machines for units that wait: the largest first, then by name, each after those that it
 * follows. Once a unit finds none, the others of its shape need not look: what comes to a machine
 * only takes from what it has.
 */
final class Search {
    /**
     * Shapes whose contest is kept while others take their turns; each holds about 100 bytes a
     * machine. Only where more shapes of one size take turns is one begun anew.
     */
    private static final int CONTESTS_MAX = 128;

    /** With fewer shapes, to look at all machines for each costs less than to put them in order. */
    private static final int SHARING_MIN = 4;

    /** A shape with more units than that looks at all machines once, and remembers. */
    private static final int MACHINES_PER_UNIT = 4;

    private final Seats seats;
    private final Waiting waiting;
    private final Set<Shape> shapes;
    private final Collection<Seat> changed;
    private final Companions companions;
    private final List<Seat> journal = new ArrayList<>();
    private final List<Line> found = new ArrayList<>();
    private final Map<Line, Seat> replacing = new LinkedHashMap<>();
    private final Set<Shape> sharing;
    private final Map<Shape, Contest> contests = new Recent<>(CONTESTS_MAX);
    private final Map<Map<String, Set<String>>, Tiers> tiers = new Recent<>(CONTESTS_MAX);

    /** Forgets what was not asked for since longest. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;
        private final int most;

        Recent(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    /** The next unit of a shape. */
    private record Turn(Shape shape, Line line) {
        long memory() {
            return shape.wants.demand().memoryOrDefault();
        }

        static final Comparator<Turn> ORDER =
                Comparator.comparingLong((Turn turn) -> -turn.memory())
                        .thenComparing(turn -> turn.line().name);
    }

    /**
     * @param shapes those that may find a machine
     * @param changed where shapes may find one that were blocked
     */
    Search(Board board, Set<Shape> shapes, Collection<Seat> changed) {
        this.seats = board.seats();
        this.waiting = board.waiting();
        this.shapes = shapes;
        this.changed = changed;
        this.sharing = sharing(shapes, seats);
        this.companions =
                Companions.toChoose(
                        board.roster(), line -> line.shape.waiting.containsKey(line.name));
    }

    void run() {
        boolean inOrder = shapes.stream().allMatch(shape -> shape.companions.isEmpty());
        PriorityQueue<Turn> turns = new PriorityQueue<>(Turn.ORDER);
        shapes.forEach(shape -> turns.add(new Turn(shape, shape.waiting.firstEntry().getValue())));
        for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
            List<Line> now = inOrder ? List.of(turn.line()) : companions.first(turn.line());
            now.forEach(this::place);
            boolean waitsOn = now.contains(turn.line()) && turn.line().seat == null;
            Map.Entry<String, Line> next = turn.shape().waiting.higherEntry(turn.line().name);
            if (!waitsOn && next != null) {
                turns.add(new Turn(turn.shape(), next.getValue()));
            }
        }
    }

    /** The units that have a machine now, in the order in which they chose. */
    List<Line> found() {
        return Collections.unmodifiableList(found);
    }

    /** The units that make others leave the machine they have come to. */
    Map<Line, Seat> replacing() {
        return Collections.unmodifiableMap(replacing);
    }

    private void place(Line line) {
        if (!shapes.contains(line.shape)) {
            return;
        }
        Choice choice = choose(line.shape);
        if (choice == null) {
            return;
        }
        Seat seat = choice.seat();
        if (!seat.replacedBy(line.shape).isEmpty()) {
            replacing.put(line, seat);
        }
        waiting.remove(line);
        line.seat = seat;
        line.choice = choice;
        seat.add(line);
        journal.add(seat);
        found.add(line);
    }

    private @Nullable Choice choose(Shape shape) {
        if (sharing.contains(shape)) {
            Tiers shared =
                    tiers.computeIfAbsent(
                            shape.wants.metadata(), _ -> new Tiers(shape, seats, journal.size()));
            shared.hear(journal);
            return shared.choose(shape);
        }
        Contest contest =
                contests.computeIfAbsent(
                        shape, _ -> new Contest(shape, candidates(shape), seats, journal.size()));
        contest.hear(journal);
        return contest.choose();
    }

    private Collection<Seat> candidates(Shape shape) {
        boolean elsewhere = !shape.blocked || shape.follows();
        return elsewhere ? seats.candidates(shape) : changed;
    }

    /** The shapes for which it is worth while to keep all machines in order. */
    private static Set<Shape> sharing(Set<Shape> shapes, Seats seats) {
        Set<Shape> suited = new HashSet<>();
        for (Shape shape : shapes) {
            if (!shape.blocked
                    && Tiers.suit(shape)
                    && shape.waiting.size() * MACHINES_PER_UNIT <= seats.all().size()) {
                suited.add(shape);
            }
        }
        return suited.size() < SHARING_MIN ? Set.of() : Collections.unmodifiableSet(suited);
    }
}
