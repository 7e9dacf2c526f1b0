package flotilla.store.apply.member;

import flotilla.protocol.Member;
import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import java.util.List;

/** What somebody wants of one member: one of etcd's calls of its Cluster service, or a part. */
public sealed interface Wish {
    /** Whom it concerns. */
    long id();

    /** What the consensus core is told. */
    Step step();

    /** A new member comes (MemberAdd). Its id was made by who proposes it. */
    record AddVoter(Member member) implements Wish {
        @Override
        public long id() {
            return member.getID();
        }

        @Override
        public Step step() {
            return new Step(StepKind.ADD_VOTER, id());
        }
    }

    /** A new member comes that gets the log and decides nothing (MemberAdd, isLearner). */
    record AddLearner(Member member) implements Wish {
        @Override
        public long id() {
            return member.getID();
        }

        @Override
        public Step step() {
            return new Step(StepKind.ADD_LEARNER, id());
        }
    }

    /**
     * A member goes, for ever (MemberRemove). A voter is demoted first. Who has the removal in its
     * log knows then that the demotion before it is committed, and the removal is committed by
     * those who stay alone: whoever hears that it went for ever, no election needs its vote.
     */
    record Remove(long id) implements Wish {
        @Override
        public Step step() {
            return new Step(StepKind.REMOVE, id);
        }
    }

    /** A voter becomes a learner: how its removal begins. Of no call of etcd's. */
    record Demote(long id) implements Wish {
        @Override
        public Step step() {
            return new Step(StepKind.ADD_LEARNER, id);
        }
    }

    /** A member is reached elsewhere from now on (MemberUpdate). */
    record Update(long id, List<String> peerUrls) implements Wish {
        public Update {
            peerUrls = List.copyOf(peerUrls);
        }

        @Override
        public Step step() {
            return new Step(StepKind.UPDATE, id);
        }
    }

    /** A learner becomes a voter (MemberPromote). */
    record Promote(long id) implements Wish {
        @Override
        public Step step() {
            return new Step(StepKind.ADD_VOTER, id);
        }
    }
}
