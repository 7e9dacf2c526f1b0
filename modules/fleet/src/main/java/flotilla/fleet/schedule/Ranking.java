package flotilla.fleet.schedule;

import java.util.List;

/**
 * What makes one of the machines that fit better than another. The first ranking in which two
 * differ decides, the lower number wins; machines alike in all go by id.
 */
enum Ranking {
    /** Instances of the same template that are there. */
    INSTANCES("instances") {
        @Override
        long cost(Seat seat, Shape shape) {
            return seat.relatives(shape);
        }
    },
    /** The larger of the shares of memory and CPU in use once the unit is there, in 1/10,000. */
    LOAD("load") {
        @Override
        long cost(Seat seat, Shape shape) {
            Demand demand = shape.wants.demand();
            return Math.max(
                    share(
                            seat.memoryCounted() + demand.memoryOrDefault(),
                            seat.machine().capacity().memoryBytes()),
                    share(
                            seat.milliCpusCounted() + demand.milliCpusOrDefault(),
                            seat.machine().capacity().milliCpus()));
        }
    },
    /** Units that are there. */
    UNITS("units") {
        @Override
        long cost(Seat seat, Shape shape) {
            return seat.count();
        }
    };

    private static final long SHARE_SCALE = 10_000;

    static final List<Ranking> ALL = List.of(values());

    private final String title;

    Ranking(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    abstract long cost(Seat seat, Shape shape);

    private static long share(long taken, long total) {
        return total == 0
                ? 0
                : Math.multiplyHigh(taken, SHARE_SCALE) != 0
                        ? Long.MAX_VALUE
                        : taken * SHARE_SCALE / total;
    }
}
