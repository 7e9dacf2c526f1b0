package flotilla.fleet.engine;

import flotilla.fleet.job.Job;
import flotilla.fleet.job.Strikes;

/** One change to what machines are told, and why. */
public sealed interface Decision {
    String reason();

    /**
     * A unit that has no machine gets one; a global one gets one more.
     *
     * @param jobRevision the job's last change that this was decided from; a later one voids it
     */
    record Place(Job job, long jobRevision, String machineId, boolean global, String reason)
            implements Decision {}

    /**
     * A unit goes from one machine, which may be gone, to another. Both hear of it at once, as with
     * the original: while the one still stops it the other may have started it.
     */
    record Move(Job job, long jobRevision, String from, String to, String reason)
            implements Decision {}

    /** The machine that has it is told of another text or state. */
    record Update(Job job, long jobRevision, String machineId, String reason) implements Decision {}

    /**
     * A machine loses a unit and no other gets it.
     *
     * @param owned whether the machine owns it: global units and leftovers are not owned
     */
    record Withdraw(String unit, String machineId, boolean owned, String reason)
            implements Decision {}

    /**
     * A machine died soon after it was given a unit, which counts against the unit. It loses the
     * unit, which is placed anew when it need not wait.
     *
     * @param owned as of {@link Withdraw}
     */
    record Strike(String unit, String machineId, boolean owned, Strikes strikes, String reason)
            implements Decision {}

    /**
     * What speaks against a unit counts no longer.
     *
     * @param revision the note's last write; a later one voids this
     */
    record Forgive(String unit, long revision, String reason) implements Decision {}

    /**
     * A unit text that nothing refers to any more goes.
     *
     * @param revision its last write; a later one voids this
     */
    record Collect(String hash, long revision, String reason) implements Decision {}
}
