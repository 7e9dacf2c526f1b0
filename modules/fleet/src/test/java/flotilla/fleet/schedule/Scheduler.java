package flotilla.fleet.schedule;

import flotilla.fleet.job.Machine;
import java.util.Collection;

/** A board that is made for one answer. */
public final class Scheduler {
    private Scheduler() {}

    /** The same units and machines give the same schedule, in whatever order they are given. */
    public static Schedule place(Collection<Task> tasks, Collection<Machine> machines) {
        Board board = new Board();
        machines.forEach(board::put);
        tasks.forEach(board::put);
        board.settle();
        return board.schedule();
    }
}
