package flotilla.fleet.engine;

import flotilla.fleet.job.Job;

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
     * A unit text that nothing refers to any more goes.
     *
     * @param revision its last write; a later one voids this
     */
    record Collect(String hash, long revision, String reason) implements Decision {}
}
