package flotilla.raft.members;

import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a change makes of a configuration (thesis 4.1 to 4.3, etcd's confchange). One voter may come
 * or go at a time, because then any two majorities, before and after, share a member; more need the
 * joint configuration between.
 */
public final class Reconfiguration {
    /** What came of it. */
    public sealed interface Outcome {
        record Changed(ConfState members) implements Outcome {}

        /**
         * @param reason for a person, begins with what is wrong
         */
        record Refused(String reason) implements Outcome {}
    }

    private final Set<Long> voters;
    private final Set<Long> learners;
    private final Set<Long> outgoing;
    private final Set<Long> learnersNext;

    private Reconfiguration(ConfState from) {
        voters = new TreeSet<>(from.voters());
        learners = new TreeSet<>(from.learners());
        outgoing = new TreeSet<>(from.votersOutgoing());
        learnersNext = new TreeSet<>(from.learnersNext());
    }

    /** Applies {@code change} to {@code from}. */
    public static Outcome of(ConfState from, ConfChange change) {
        if (change.leavesJoint()) {
            return from.joint()
                    ? new Outcome.Changed(new Reconfiguration(from).leaveJoint())
                    : new Outcome.Refused("there is no joint configuration to leave");
        }
        if (from.joint()) {
            return new Outcome.Refused("the joint configuration must be left first");
        }
        Reconfiguration next = new Reconfiguration(from);
        if (change.entersJoint()) {
            next.outgoing.addAll(from.voters());
        }
        change.steps().forEach(next::take);
        return next.checked(from, change);
    }

    private Outcome checked(ConfState from, ConfChange change) {
        if (voters.isEmpty()) {
            return new Outcome.Refused("it would leave no voter");
        }
        if (change.entersJoint()) {
            boolean autoLeave = change.transition() != Transition.JOINT_EXPLICIT;
            return from.voters().isEmpty()
                    ? new Outcome.Refused("a group without voters cannot be joined with another")
                    : new Outcome.Changed(state(autoLeave));
        }
        return differing(from.voters()) > 1
                ? new Outcome.Refused("more than one voter would change at once")
                : new Outcome.Changed(state(false));
    }

    private void take(Step step) {
        if (step.member() == 0) {
            return;
        }
        switch (step.kind()) {
            case ADD_VOTER -> {
                forget(step.member());
                voters.add(step.member());
            }
            case ADD_LEARNER -> {
                forget(step.member());
                // Whoever still decides as an outgoing voter can't be a learner at the same time.
                (outgoing.contains(step.member()) ? learnersNext : learners).add(step.member());
            }
            case REMOVE -> forget(step.member());
            case UPDATE -> {}
        }
    }

    private void forget(long member) {
        voters.remove(member);
        learners.remove(member);
        learnersNext.remove(member);
    }

    private ConfState leaveJoint() {
        learners.addAll(learnersNext);
        learnersNext.clear();
        outgoing.clear();
        return state(false);
    }

    private long differing(List<Long> before) {
        long come = voters.stream().filter(voter -> !before.contains(voter)).count();
        long gone = before.stream().filter(voter -> !voters.contains(voter)).count();
        return come + gone;
    }

    private ConfState state(boolean autoLeave) {
        return new ConfState(
                new ArrayList<>(voters),
                new ArrayList<>(learners),
                new ArrayList<>(outgoing),
                new ArrayList<>(learnersNext),
                autoLeave);
    }
}
