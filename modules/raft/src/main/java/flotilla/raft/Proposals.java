package flotilla.raft;

import flotilla.raft.Outcome.Appended;
import flotilla.raft.Outcome.Refused;
import flotilla.raft.Outcome.Started;
import flotilla.raft.Outcome.Why;
import flotilla.raft.log.Entry;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.Reconfiguration;
import org.jspecify.annotations.Nullable;

/** What a leader is asked for, and when it says no. */
final class Proposals implements Role.Requests {
    private static final byte[] NOTHING = {};

    private final Member member;
    private final Reads reads;
    private final Handover handover;
    // The last change of members that may be in the log; another one waits until it is applied.
    private long changeAt;

    Proposals(Member member, Reads reads, Handover handover) {
        this.member = member;
        this.reads = reads;
        this.handover = handover;
        // It doesn't know what the entries are that it found, and needs not look.
        changeAt = member.log.lastIndex();
    }

    /** The entry by which a new leader commits all that it found (thesis 3.6.2, 6.4). */
    void appendNothing() {
        append(Kind.NORMAL, NOTHING);
    }

    @Override
    public Outcome propose(Input.Propose proposal) {
        Refused no = refusal();
        if (no != null) {
            return no;
        }
        long bytes = proposal.commands().stream().mapToLong(command -> command.length).sum();
        long waiting = member.bytes(member.commit + 1, member.log.lastIndex());
        // Something must always be able to go, or one large command could never (scenario 24).
        if (bytes > 0
                && waiting > 0
                && waiting + bytes > member.config.limits().uncommittedBytes()) {
            return refused(Why.BUSY, waiting + " bytes wait to be committed: ask again later");
        }
        long first = member.log.lastIndex() + 1;
        proposal.commands().forEach(command -> append(Kind.NORMAL, command));
        return new Appended(first, member.log.lastIndex(), member.term);
    }

    @Override
    public Outcome proposeChange(Input.ProposeChange proposal) {
        Refused no = refusal();
        if (no != null) {
            return no;
        }
        if (changeAt > member.applied) {
            return refused(
                    Why.CHANGE_PENDING,
                    "a change of members at or before %d is yet to be applied".formatted(changeAt));
        }
        ConfChange change = proposal.change();
        if (Reconfiguration.of(member.members(), change)
                instanceof Reconfiguration.Outcome.Refused(String reason)) {
            return refused(Why.INVALID, reason);
        }
        append(proposal.kind(), proposal.data());
        changeAt = member.log.lastIndex();
        return new Appended(changeAt, changeAt, member.term);
    }

    @Override
    public Outcome transfer(long to) {
        if (!mayLead(to)) {
            return refused(Why.INVALID, "member %x does not vote".formatted(to));
        }
        if (to != member.id()) {
            handover.begin(to);
        }
        return new Started();
    }

    @Override
    public void read(long from, long id) {
        reads.add(from, id);
    }

    /** Whether it is a voter, and not one that is on its way out. */
    private boolean mayLead(long id) {
        return member.members().voters().contains(id);
    }

    /**
     * Leaves a joint configuration that is to be left by itself: as soon as the entry that began it
     * is applied, and by a leader whose own term has begun to commit, be it another than who
     * entered (raft.md scenario 48).
     */
    void leaveJointIfDue() {
        boolean due =
                member.members().joint()
                        && member.members().autoLeave()
                        && changeAt <= member.applied
                        && member.committedInTerm();
        if (due) {
            append(Kind.CONF_CHANGE_V2, NOTHING);
            changeAt = member.log.lastIndex();
        }
    }

    private @Nullable Refused refusal() {
        if (!member.quorum().has(member.id())) {
            return refused(Why.LEAVING, "this leader was removed and is about to go");
        }
        if (handover.underWay()) {
            return refused(
                    Why.TRANSFERRING, "leadership goes to member %x".formatted(handover.to()));
        }
        return null;
    }

    private Refused refused(Why why, String detail) {
        return new Refused(why, member.id(), detail);
    }

    private void append(Kind kind, byte[] data) {
        member.append(new Entry(member.log.lastIndex() + 1, member.term, kind, data));
    }
}
