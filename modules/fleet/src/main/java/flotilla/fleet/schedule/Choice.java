package flotilla.fleet.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a unit came to its machine: what its rankings said of it, and of the next best. */
final class Choice {
    /** How many machines could have had it. */
    final int fitting;

    private final Rated best;
    private final @Nullable Rated next;

    /** A machine with what each of a shape's rankings says, in their order. */
    static final class Rated {
        final Seat seat;
        private final long[] costs;

        /**
         * @param costs not to be changed any more
         */
        Rated(Seat seat, long... costs) {
            this.seat = seat;
            this.costs = costs;
        }

        long cost(int ranking) {
            return costs[ranking];
        }

        boolean isBetterThan(Rated other) {
            for (int i = 0; i < costs.length; i++) {
                if (costs[i] != other.costs[i]) {
                    return costs[i] < other.costs[i];
                }
            }
            return seat.id().compareTo(other.seat.id()) < 0;
        }

        private List<Score> scores(List<Ranking> rankings) {
            List<Score> scores = new ArrayList<>();
            for (int i = 0; i < costs.length; i++) {
                scores.add(rankings.get(i).score(costs[i]));
            }
            return scores;
        }
    }

    Choice(int fitting, Rated best, @Nullable Rated next) {
        this.fitting = fitting;
        this.best = best;
        this.next = next;
    }

    Seat seat() {
        return best.seat;
    }

    /** For people. */
    Merit merit(Shape shape) {
        return new Merit(
                merited(best, shape),
                Optional.ofNullable(next).map(rated -> merited(rated, shape)));
    }

    private static Merit.Rival merited(Rated rated, Shape shape) {
        return new Merit.Rival(
                rated.seat.id(), rated.seat.machine().label(), rated.scores(shape.rankings));
    }
}
