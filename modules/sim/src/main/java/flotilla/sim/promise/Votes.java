package flotilla.sim.promise;

import flotilla.raft.log.Entry;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Accepted;
import flotilla.raft.message.Message.Append;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.message.Message.InstallSnapshot;
import flotilla.raft.message.Message.VoteAnswer;
import flotilla.raft.message.Message.VoteRequest;
import flotilla.sim.world.World;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What members promise each other by their messages (thesis 3.4 to 3.6): one vote in a term; one
 * leader in a term, who has all that was committed in earlier ones (Leader Completeness); an entry
 * is named by index and term, and so are all before it (Log Matching); and a log, seen as the term
 * and index of its end, never falls behind what was accepted, for only an entry of a later term
 * takes another's place. The last is what a sync that was forgotten breaks first.
 */
final class Votes {
    private final World world;
    private final Map<Ballots, Long> votes = new HashMap<>();
    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Name, Integer> entries = new HashMap<>();

    /** By entry: the term of the one before it. */
    private final Map<Name, Long> before = new HashMap<>();

    /** By candidate and term: the end of the log it stood with. */
    private final Map<Ballots, End> stoodWith = new HashMap<>();

    private final Map<Long, Log> logs = new TreeMap<>();

    private record Ballots(long voter, long term) {}

    private record Name(long index, long term) {}

    /** The end of a log. */
    private record End(long term, long index) implements Comparable<End> {
        @Override
        public int compareTo(End other) {
            int byTerm = Long.compare(term, other.term);
            return byTerm != 0 ? byTerm : Long.compare(index, other.index);
        }
    }

    /** What others know of a member's log. */
    private static final class Log {
        final TreeMap<Long, Long> terms = new TreeMap<>();
        End accepted = new End(0, 0);
        long term;
    }

    Votes(World world) {
        this.world = world;
    }

    void sent(Message message) {
        if (!isPreVote(message)) {
            Log log = log(message.from());
            log.term = Math.max(log.term, message.term());
        }
        switch (message) {
            case VoteRequest request -> {
                if (request.kind() != Ballot.PRE_VOTE) {
                    vote(request.from(), request.term(), request.from());
                    stoodWith.put(
                            new Ballots(request.from(), request.term()),
                            new End(request.lastTerm(), request.last()));
                }
                holds(request.from(), new End(request.lastTerm(), request.last()));
            }
            case VoteAnswer answer when answer.granted() && answer.kind() != Ballot.PRE_VOTE ->
                    vote(answer.from(), answer.term(), answer.to());
            case Append append -> {
                leads(append.from(), append.term());
                long last = append.span().prevTerm();
                for (Entry entry : append.entries()) {
                    named(append.from(), entry);
                    follows(append.from(), entry, last);
                    if (entry.term() > append.term()) {
                        throw world.broken(
                                "a leader sends what it has",
                                "%d in %d: %s",
                                append.from(),
                                append.term(),
                                entry);
                    }
                    last = entry.term();
                }
            }
            case Message.Heartbeat beat -> leads(beat.from(), beat.term());
            case Accepted accepted -> accepts(accepted);
            default -> {}
        }
    }

    void received(Message message) {
        Log log = log(message.to());
        if (isPreVote(message) || message.term() < log.term) {
            return;
        }
        log.term = message.term();
        if (message instanceof Append append && append.filled()) {
            log.terms.put(append.span().prevIndex(), append.span().prevTerm());
            append.entries().forEach(entry -> log.terms.put(entry.index(), entry.term()));
        } else if (message instanceof InstallSnapshot install) {
            log.terms.put(install.mark().index(), install.mark().term());
        }
    }

    private static boolean isPreVote(Message message) {
        return (message instanceof VoteRequest request && request.kind() == Ballot.PRE_VOTE)
                || (message instanceof VoteAnswer answer && answer.kind() == Ballot.PRE_VOTE);
    }

    void leads(long member, long term) {
        Long other = leaders.putIfAbsent(term, member);
        if (other != null && other != member) {
            throw world.broken("one leader a term", "%d and %d lead in %d", other, member, term);
        }
    }

    /** A machine got a new disk; who comes back on it is somebody else. */
    void forget(long member) {
        logs.remove(member);
    }

    private void vote(long voter, long term, long candidate) {
        Long other = votes.putIfAbsent(new Ballots(voter, term), candidate);
        if (other != null && other != candidate) {
            throw world.broken(
                    "one vote a term", "%d: in %d for %d and %d", voter, term, other, candidate);
        }
    }

    private void named(long from, Entry entry) {
        int hash = Arrays.hashCode(entry.data()) * 31 + entry.kind().number();
        Integer other = entries.putIfAbsent(new Name(entry.index(), entry.term()), hash);
        if (other != null && other != hash) {
            throw world.broken("log matching", "%d has another %s", from, entry);
        }
    }

    private void follows(long from, Entry entry, long term) {
        Long other = before.putIfAbsent(new Name(entry.index(), entry.term()), term);
        if (other != null && other != term) {
            throw world.broken(
                    "log matching", "%d has %s after one of %d, not %d", from, entry, term, other);
        }
    }

    /**
     * Somebody leads.
     *
     * @param committedTerm of the last entry known to be committed in an earlier term
     * @param committed its index
     */
    void leadsWith(long member, long term, long committedTerm, long committed) {
        End end = stoodWith.get(new Ballots(member, term));
        if (end != null && end.compareTo(new End(committedTerm, committed)) < 0) {
            throw world.broken(
                    "a leader has all that is committed",
                    "%d leads in %d with %s; %d of %d is committed",
                    member,
                    term,
                    end,
                    committed,
                    committedTerm);
        }
    }

    private void accepts(Accepted accepted) {
        Log log = log(accepted.from());
        Long term = log.terms.get(accepted.match());
        if (term != null) {
            End end = new End(term, accepted.match());
            log.accepted = end.compareTo(log.accepted) > 0 ? end : log.accepted;
        }
    }

    private void holds(long member, End end) {
        End accepted = log(member).accepted;
        if (end.compareTo(accepted) < 0) {
            throw world.broken(
                    "what was accepted stays",
                    "%d accepted up to %s and asks for votes with %s",
                    member,
                    accepted,
                    end);
        }
    }

    private Log log(long member) {
        return logs.computeIfAbsent(member, _ -> new Log());
    }
}
