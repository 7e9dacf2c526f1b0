package flotilla.fleet.schedule;

import flotilla.fleet.schedule.Choice.Rated;
import org.jspecify.annotations.Nullable;

/** The two best of the machines that it is shown, for a unit that goes by {@link Ranking#USUAL}. */
final class Podium {
    private static final int INSTANCES = Ranking.USUAL.indexOf(Ranking.INSTANCES);
    private static final int LOAD = Ranking.USUAL.indexOf(Ranking.LOAD);
    private static final int UNITS = Ranking.USUAL.indexOf(Ranking.UNITS);

    private final Shape shape;
    private @Nullable Rated first;
    private @Nullable Rated second;

    Podium(Shape shape) {
        this.shape = shape;
    }

    void show(Seat seat) {
        if (Check.MEMORY.holds(seat, shape) && !isOn(first, seat) && !isOn(second, seat)) {
            take(new Rated(seat, seat.relatives(shape), Ranking.load(seat, shape), seat.count()));
        }
    }

    private static boolean isOn(@Nullable Rated place, Seat seat) {
        return place != null && place.seat == seat;
    }

    private void take(Rated rated) {
        if (first == null || rated.isBetterThan(first)) {
            second = first;
            first = rated;
        } else if (second == null || rated.isBetterThan(second)) {
            second = rated;
        }
    }

    /** Whether no machine can come onto it that has at least that load and as many units. */
    boolean isOutOfReach(long load, int units, String id) {
        if (second == null || second.cost(INSTANCES) > 0 || load < second.cost(LOAD)) {
            return false;
        }
        return load > second.cost(LOAD)
                || units > second.cost(UNITS)
                || (units == second.cost(UNITS) && id.compareTo(second.seat.id()) >= 0);
    }

    /**
     * Null when it is empty.
     *
     * @param fitting how many can have the unit
     */
    @Nullable Choice choice(int fitting) {
        return first == null ? null : new Choice(fitting, first, second);
    }
}
