package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

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

    private final Seats seats;
    private final Waiting waiting;
    private final Set<Shape> shapes;
    private final Collection<Seat> changed;
    private final Companions companions;
    private final List<Seat> journal = new ArrayList<>();
    private final List<Line> found = new ArrayList<>();
    private final Map<Line, Seat> replacing = new LinkedHashMap<>();
    private final Map<Shape, Contest> contests =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Shape, Contest> eldest) {
                    return size() > CONTESTS_MAX;
                }
            };

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
        this.companions =
                new Companions(board.roster(), line -> line.shape.waiting.containsKey(line.name));
    }

    void run() {
        boolean inOrder = !waiting.hasFollowers();
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
        Contest contest = contest(line.shape);
        contest.hear(journal);
        if (contest.size() == 0) {
            return;
        }
        Seat seat = contest.best();
        if (!seat.replacedBy(line.shape).isEmpty()) {
            replacing.put(line, seat);
        }
        waiting.remove(line);
        line.seat = seat;
        line.fitting = contest.size();
        seat.add(line);
        journal.add(seat);
        found.add(line);
    }

    private Contest contest(Shape shape) {
        return contests.computeIfAbsent(
                shape,
                _ -> {
                    boolean elsewhere = !shape.blocked || shape.follows();
                    Collection<Seat> among = elsewhere ? seats.candidates(shape) : changed;
                    return new Contest(shape, among, seats.slots(), journal.size());
                });
    }
}
