package flotilla.cli.fleetctl;

import flotilla.cli.command.CommandFailure;

/**
 * What goes wrong with some of several units: each is told of at once, and that there were some
 * when all else is done.
 */
final class Problems {
    private final int of;
    private int count;

    /**
     * @param of so many units in all
     */
    Problems(int of) {
        this.of = of;
    }

    /**
     * @throws CommandFailure at once when there is only one unit
     */
    void add(String problem) {
        if (of == 1) {
            throw new CommandFailure(problem);
        }
        System.err.println(problem);
        count++;
    }

    /**
     * @throws CommandFailure when there were any
     */
    void requireNone() {
        if (count > 0) {
            throw new CommandFailure(
                    "%d of %d units can't be had so, see above; the others are as asked"
                            .formatted(count, of));
        }
    }
}
