package flotilla.fleet.engine;

import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import java.util.Set;

/**
 * One change to what machines are told, and why. Each names the revisions of what it was decided
 * from, and is void once one of them is another: so that it does no harm when it is carried out
 * late, or twice.
 */
public sealed interface Decision {
    String reason();

    /**
     * What a job was decided from.
     *
     * @param revision of its last change
     */
    record Wish(Job job, long revision) {}

    /**
     * What one machine has of a unit.
     *
     * @param ownerRevision of the owner's key when it is this machine; 0 when it is not
     * @param placementRevision of what it was told; 0 when it was told nothing
     * @param texts hashes of those that the machine may have of it
     * @param gone whether this rests on the machine not being there
     */
    record Hold(
            String machineId,
            long ownerRevision,
            long placementRevision,
            Set<String> texts,
            boolean gone) {
        public Hold {
            texts = Set.copyOf(texts);
        }

        boolean isOwned() {
            return ownerRevision != 0;
        }
    }

    /**
     * The machine that gets a unit.
     *
     * @param toldRevision of what it was told of the unit before; 0 when nothing
     * @param texts hashes of those that the machine may have of it
     */
    record Target(String machineId, long toldRevision, Set<String> texts) {
        public Target {
            texts = Set.copyOf(texts);
        }

        /** One that was told nothing of the unit. */
        Target(String machineId) {
            this(machineId, 0, Set.of());
        }
    }

    /** A unit that has no machine gets one; a global one gets one more. */
    record Place(Wish wish, Target to, boolean global, String reason) implements Decision {}

    /**
     * The machine that has it is told of another text or state, or that it may keep the unit.
     *
     * @param from what it has; the owner must be the same unless the unit is global
     */
    record Update(Wish wish, Hold from, String reason) implements Decision {}

    /**
     * A machine is told to stop a unit, to remove it, and to say that it has.
     *
     * @param jobRevision of the job's last change; 0 when there is none
     * @param told the assignment, taken back
     */
    record Withdraw(String unit, long jobRevision, Hold from, Assignment told, String reason)
            implements Decision {}

    /** A machine that has no copy of a unit any more is done with it, and no other gets it now. */
    record Release(String unit, Hold from, String reason) implements Decision {}

    /** A unit goes from a machine that has no copy of it any more to another. */
    record Move(Wish wish, Hold from, Target to, String reason) implements Decision {}

    /**
     * A unit goes from one machine to another, and both hear of it at once: for a while there may
     * be two copies, and never none.
     *
     * @param told the one's assignment, taken back
     */
    record Overlap(Wish wish, Hold from, Assignment told, Target to, String reason)
            implements Decision {}

    /**
     * A machine died soon after it was given a unit, which counts against the unit. It loses the
     * unit, which is placed anew when it need not wait.
     */
    record Strike(String unit, Hold from, Strikes strikes, String reason) implements Decision {}

    /**
     * What speaks against a unit counts no longer.
     *
     * @param revision the note's last write
     */
    record Forgive(String unit, long revision, String reason) implements Decision {}

    /**
     * A unit text that nothing refers to any more goes.
     *
     * @param revision its last write
     */
    record Collect(String hash, long revision, String reason) implements Decision {}

    /**
     * What is remembered of a machine changes.
     *
     * @param revision of what was remembered before; 0 when nothing was
     */
    record Remember(String machineId, Sighting sighting, long revision, String reason)
            implements Decision {}

    /**
     * What is known of a machine that is gone for good goes.
     *
     * @param revision the key's last write
     */
    record Forget(String machineId, Key key, long revision, String reason) implements Decision {}

    /**
     * The rollout that something is decided for.
     *
     * @param revision of its last change: once somebody has paused it, nothing more is given out
     */
    record Course(String set, long revision) {}

    /**
     * A unit gets another text, the next one of a rollout or the one before.
     *
     * @param next the job as it is to be
     * @param revision of the job's last change
     */
    record Retext(Job next, long revision, Course course, String reason) implements Decision {}

    /**
     * It is a machine's turn in the rollout of a global unit: it is told of the text that is wanted
     * by now.
     *
     * @param from what it has
     */
    record Renew(Wish wish, Hold from, Course course, String reason) implements Decision {}

    /**
     * A rollout comes to its next stage.
     *
     * @param revision of the rollout's last change
     */
    record Steer(Rollout next, long revision, String reason) implements Decision {}

    /**
     * A rollout that has long been over is remembered no more: it can't be undone.
     *
     * @param revision its last write
     */
    record Dismiss(String set, long revision, String reason) implements Decision {}
}
