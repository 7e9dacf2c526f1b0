package flotilla.raft.members;

import java.util.List;

/**
 * A change of the members, decoded (raftpb.ConfChangeV2; a v1 change is one with a single step).
 * Its bytes in the log and the context that goes with it are the driver's: the core needs what it
 * means.
 *
 * @param transition whether to pass through a joint configuration
 * @param steps in order; none means "leave the joint configuration"
 */
public record ConfChange(Transition transition, List<Step> steps) {
    /** How to get to the new configuration (raftpb.ConfChangeTransition). */
    public enum Transition {
        /** Jointly if there is more than one step, and then leave by itself. */
        AUTO,
        /** Jointly in any case; left by itself. */
        JOINT_IMPLICIT,
        /** Jointly in any case; left when somebody proposes it. */
        JOINT_EXPLICIT
    }

    /** What happens to one member (raftpb.ConfChangeType). */
    public enum StepKind {
        /** Becomes a voter, whatever it was. */
        ADD_VOTER,
        /**
         * Leaves. A voter that may be gone for good once it is removed should be made a learner
         * before, by a change of its own: whoever has the removal in its log knows by it that the
         * vote is not needed (raft.md scenario 46).
         */
        REMOVE,
        /** Nothing that concerns consensus: its addresses change. */
        UPDATE,
        /** Becomes a learner, whatever it was. */
        ADD_LEARNER
    }

    /**
     * @param member whom it concerns; 0 for nobody: the state machine refused the change
     */
    public record Step(StepKind kind, long member) {}

    /** Leaves the joint configuration. */
    public static final ConfChange LEAVE_JOINT = new ConfChange(Transition.AUTO, List.of());

    /** Changes nothing: what is applied in place of a change that the state machine refused. */
    public static final ConfChange REFUSED = of(StepKind.UPDATE, 0);

    public ConfChange {
        steps = List.copyOf(steps);
    }

    /** A change in one step. */
    public static ConfChange of(StepKind kind, long member) {
        return new ConfChange(Transition.AUTO, List.of(new Step(kind, member)));
    }

    /** Whether it ends a joint configuration. */
    public boolean leavesJoint() {
        return transition == Transition.AUTO && steps.isEmpty();
    }

    /** Whether it begins a joint configuration. */
    public boolean entersJoint() {
        return transition != Transition.AUTO || steps.size() > 1;
    }
}
