package flotilla.raft;

import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.log.Entry;
import flotilla.raft.log.LogOutline;
import flotilla.raft.log.LogView;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfState;
import flotilla.raft.members.Reconfiguration;
import flotilla.raft.quorum.Quorum;

/** What this member knows and must keep in whatever role. Its role decides, this remembers. */
final class Member {
    final RaftConfig config;
    final LogOutline log;
    final Outbox out;
    final Writes writes;
    private final LogView view;
    private final Dice dice;

    long term;
    long vote;

    /** Who leads in this term; 0 if unknown. */
    long leader;

    long commit;
    long applied;

    /** Where the snapshot under way to the disk ends; it is there when applied has reached it. */
    long installing;

    /** Ticks in all. */
    long ticks;

    /** Ticks since a leader was heard, a vote given, a campaign begun, or a leader asked itself. */
    int elapsed;

    /** At how many of them to stand for election. */
    int timeout;

    private ConfState members;
    private Quorum quorum;
    private long membersAt;

    Member(RaftConfig config, Restored found, LogView view) {
        this.config = config;
        this.view = view;
        log = found.log();
        term = Math.max(found.state().term(), log.lastTerm());
        vote = term == found.state().term() ? found.state().vote() : 0;
        applied = found.applied();
        commit = foundCommit(found);
        members = found.members();
        quorum = new Quorum(members.voters(), members.votersOutgoing());
        membersAt = applied;
        dice = new Dice(config.seed());
        out = new Outbox(found.state(), new Standing(Standing.Kind.FOLLOWER, term, 0), applied);
        writes = new Writes(this);
        restartTimer();
    }

    /**
     * The commit index found is a hint, written without fsync: what was applied is committed too,
     * and so is each change of members that has another behind it in the log. Without the last, a
     * member that lost the hint could stand for election by a configuration two changes old, whose
     * majorities need share nobody with today's (raft.md scenarios 45 and 64).
     */
    private static long foundCommit(Restored found) {
        long last = found.log().lastIndex();
        if (found.applied() > last) {
            throw new LogTooShort("has applied", found.applied(), last);
        }
        if (found.state().commit() > last) {
            throw new LogTooShort("knew as committed", found.state().commit(), last);
        }
        return Math.max(
                Math.max(found.state().commit(), found.applied()), found.log().lastChangeButOne());
    }

    long id() {
        return config.id();
    }

    ConfState members() {
        return members;
    }

    Quorum quorum() {
        return quorum;
    }

    /** Since which index the present members are in force. */
    long membersAt() {
        return membersAt;
    }

    /** Draws a new election timeout and begins to count (thesis 3.4). */
    void restartTimer() {
        elapsed = 0;
        int base = config.timing().electionTicks();
        timeout = base + dice.below(base);
    }

    /**
     * Another term: nobody has this member's vote yet. In the same term a vote is never taken back.
     */
    void adopt(long newTerm) {
        if (newTerm > term) {
            term = newTerm;
            vote = 0;
        }
    }

    /** An entry at the end of the log, or in place of those that another leader had put there. */
    void append(Entry entry) {
        log.append(entry);
        out.append(entry);
    }

    /** Everything up to {@code index} is committed. */
    void commitTo(long index) {
        if (index <= commit) {
            return;
        }
        if (index > log.lastIndex()) {
            throw new BrokenInvariant(
                    "entries up to %d are committed, the log ends at %d"
                            .formatted(index, log.lastIndex()));
        }
        commit = index;
    }

    /**
     * Whether an entry of the present term is committed: only then is the commit index not behind.
     */
    boolean committedInTerm() {
        return log.termAt(commit) == term;
    }

    /** Bytes of the entries {@code first..last}, those of this step among them. */
    long bytes(long first, long last) {
        long fresh = out.entries.first();
        long older =
                first < fresh && first <= last ? view.bytes(first, Math.min(last, fresh - 1)) : 0;
        return last < fresh ? older : older + out.entries.bytes(Math.max(first, fresh), last);
    }

    /**
     * Whether it may stand for election: it votes, its state is not about to be replaced, it has
     * applied every change of members that it knows to be committed, and its disk answers.
     */
    boolean mayStand() {
        return quorum.has(id())
                && applied >= installing
                && !log.changesMembers(applied + 1, commit)
                && !diskHangs();
    }

    /** Whether a write has been under way for longer than an election timeout (scenario 40). */
    boolean diskHangs() {
        return writes.hang(ticks, config.timing().electionTicks());
    }

    /** The state machine has come this far, without a change of members on the way. */
    void applied(long index) {
        if (index > commit) {
            throw new BrokenInvariant(
                    "%d was applied, only %d is committed".formatted(index, commit));
        }
        if (log.changesMembers(Math.max(applied, membersAt) + 1, index)) {
            throw new BrokenInvariant(
                    "a change of members was applied before %d and not told".formatted(index));
        }
        applied = Math.max(applied, index);
    }

    /**
     * The state machine has applied a change of members.
     *
     * @return whether it changes anything: one that a snapshot already holds does not (scenario 51)
     */
    boolean changeApplied(long index, ConfChange change) {
        if (index <= membersAt) {
            return false;
        }
        applied(index - 1);
        membersAt = index;
        applied(index);
        switch (Reconfiguration.of(members, change)) {
            case Reconfiguration.Outcome.Changed(ConfState next) -> replaceMembers(next);
            case Reconfiguration.Outcome.Refused(String reason) ->
                    throw new BrokenInvariant(
                            "the change of members at %d cannot be: %s".formatted(index, reason));
        }
        return true;
    }

    /** A snapshot's members replace the present ones, whatever these were. */
    void restartMembers(ConfState next, long index) {
        membersAt = index;
        replaceMembers(next);
    }

    private void replaceMembers(ConfState next) {
        members = next;
        quorum = new Quorum(next.voters(), next.votersOutgoing());
    }
}
