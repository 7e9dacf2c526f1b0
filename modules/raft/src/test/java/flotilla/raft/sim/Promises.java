package flotilla.raft.sim;

import flotilla.raft.Ready;
import flotilla.raft.Standing;
import flotilla.raft.log.Entry;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What Raft promises (thesis figure 3.2 and 6.4), seen over the whole run and checked at every
 * event.
 */
final class Promises implements ModelMember.Watcher {
    private record Name(long index, long term) {}

    private record Content(long termBefore, int data) {}

    /**
     * @param term of the entry
     * @param seenIn term of the first member that knew it to be committed
     */
    private record Commit(long term, long seenIn) {}

    private record Question(long member, long id) {}

    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Name, Content> everLogged = new HashMap<>();
    private final Map<Long, Commit> committed = new HashMap<>();
    private final Map<Long, State> states = new HashMap<>();
    private final Set<Name> awaited = new HashSet<>();
    // What each open read must see at least.
    private final Map<Question, Long> reads = new HashMap<>();
    private long highestCommitted;
    private long highestSeen;
    private long acknowledged;
    private long answered;

    @Override
    public void stepped(ModelMember member, Ready ready) {
        for (Entry entry : ready.entries()) {
            logMatching(member, entry);
        }
        Standing standing = ready.standing();
        if (standing != null && standing.kind() == Standing.Kind.LEADER) {
            electionSafety(member, standing);
            leaderCompleteness(member, standing.term());
        }
        if (ready.committed() != null) {
            for (long i = ready.committed().first(); i <= ready.committed().last(); i++) {
                commit(member, i);
            }
        }
    }

    /** One entry of an index and term has one content and one predecessor, so logs match (3.5). */
    private void logMatching(ModelMember member, Entry entry) {
        Entry before = member.entry(entry.index() - 1);
        if (before == null) {
            return;
        }
        Content content = new Content(before.term(), Arrays.hashCode(entry.data()));
        Content known = everLogged.putIfAbsent(new Name(entry.index(), entry.term()), content);
        if (known != null && !known.equals(content)) {
            throw new Violation("log matching", "%d has another %s", member.id(), entry);
        }
    }

    private void electionSafety(ModelMember member, Standing standing) {
        if (member.disk.hardState().term() != standing.term()) {
            throw new Violation(
                    "vote stored before counted",
                    "%d: %s, on disk %s",
                    member.id(),
                    standing,
                    member.disk.hardState());
        }
        Long other = leaders.putIfAbsent(standing.term(), member.id());
        if (other != null && other != member.id()) {
            throw new Violation(
                    "election safety", "%d and %d lead in %s", other, member.id(), standing);
        }
    }

    /**
     * A leader has all that was committed in terms before its own (3.6.3); later ones may exist.
     */
    private void leaderCompleteness(ModelMember member, long term) {
        for (long index = member.baseIndex() + 1; index <= highestCommitted; index++) {
            Commit commit = committed.get(index);
            Entry entry = member.entry(index);
            if (commit == null || commit.seenIn >= term) {
                continue;
            }
            if (entry == null || entry.term() != commit.term) {
                throw new Violation(
                        "leader completeness",
                        "%d leads in %d with %s at %d, not %d",
                        member.id(),
                        term,
                        String.valueOf(entry),
                        index,
                        commit.term);
            }
        }
    }

    private void commit(ModelMember member, long index) {
        Entry entry = member.entry(index);
        if (entry == null) {
            throw new Violation("committed entries exist", "%d lacks %d", member.id(), index);
        }
        if (!member.disk.holds(index, entry.term())) {
            throw new Violation("stored before applied", "%d: %s", member.id(), entry);
        }
        long term = member.status().standing().term();
        Commit other = committed.putIfAbsent(index, new Commit(entry.term(), term));
        if (other != null && other.term != entry.term()) {
            throw new Violation(
                    "state machine safety", "%d commits %s, not %s", member.id(), entry, other);
        }
        highestCommitted = Math.max(highestCommitted, index);
    }

    /** No answer rests on what the disk could still lose (3.8). */
    @Override
    public void sends(ModelMember member, Message message) {
        switch (message) {
            case Message.Accepted accepted -> {
                Entry entry = member.entry(accepted.match());
                if (entry != null && !member.disk.holds(entry.index(), entry.term())) {
                    throw new Violation("stored before answered", "%d: %s", member.id(), accepted);
                }
            }
            case Message.VoteAnswer vote when vote.granted() && vote.kind() != Ballot.PRE_VOTE ->
                    voteStored(member, vote.term(), vote.to(), message);
            case Message.VoteRequest request when request.kind() != Ballot.PRE_VOTE ->
                    voteStored(member, request.term(), member.id(), message);
            default -> {
                // Promises nothing.
            }
        }
    }

    private static void voteStored(ModelMember member, long term, long vote, Message message) {
        long stored = member.disk.hardState().term();
        if (stored < term || (stored == term && member.disk.hardState().vote() != vote)) {
            throw new Violation(
                    "vote stored before sent",
                    "%d: %s, on disk %s",
                    member.id(),
                    message,
                    member.disk.hardState());
        }
    }

    @Override
    public void applied(ModelMember member, Entry entry, State state) {
        State other = states.putIfAbsent(state.index(), state);
        if (other != null && !other.equals(state)) {
            throw new Violation("equal state", "%d: %s, not %s", member.id(), state, other);
        }
        if (awaited.remove(new Name(entry.index(), entry.term()))) {
            acknowledged++;
            highestSeen = Math.max(highestSeen, entry.index());
        }
    }

    /** A client waits for these. */
    void proposed(long first, long last, long term) {
        for (long index = first; index <= last; index++) {
            awaited.add(new Name(index, term));
        }
    }

    /** A leader appends a change: none before it is unapplied (raft.md scenario 45). */
    void changeProposed(ModelMember member, long at) {
        for (long index = member.state().index() + 1; index < at; index++) {
            Entry entry = member.entry(index);
            if (entry != null && entry.kind().changesMembers()) {
                throw new Violation(
                        "one change at a time", "%d: %d while %s waits", member.id(), at, entry);
            }
        }
    }

    void asked(ModelMember member, long id) {
        reads.put(new Question(member.id(), id), highestSeen);
    }

    @Override
    public void readable(ModelMember member, long id) {
        Long atLeast = reads.remove(new Question(member.id(), id));
        if (atLeast != null && member.state().index() < atLeast) {
            throw new Violation(
                    "no stale read",
                    "%d answers at %d what was seen at %d",
                    member.id(),
                    member.state().index(),
                    atLeast);
        }
        highestSeen = Math.max(highestSeen, member.state().index());
        answered++;
    }

    @Override
    public void readRefused(ModelMember member, long id) {
        reads.remove(new Question(member.id(), id));
    }

    long acknowledged() {
        return acknowledged;
    }

    long answered() {
        return answered;
    }

    long elections() {
        return leaders.size();
    }

    long highestCommitted() {
        return highestCommitted;
    }
}
