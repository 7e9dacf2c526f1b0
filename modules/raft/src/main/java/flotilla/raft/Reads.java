package flotilla.raft;

import flotilla.raft.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * A leader's reads (thesis 6.4). To say that its commit index is the newest a leader must know that
 * nobody deposed it meanwhile: a quorum answers a round of heartbeats that began <em>after</em> the
 * read came in. What comes in while a round is under way waits for the next, so one round serves
 * all that queued during the last, and there is never more than one.
 *
 * <p>The number of the round is the leader's own counter. The reads' ids never travel with it: an
 * answer to an old round cannot confirm a new one (raft.md scenario 33).
 */
final class Reads {
    private record Waiting(long from, long id) {}

    private final Member member;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final List<Waiting> asked = new ArrayList<>();
    private long round;
    private long index;

    Reads(Member member) {
        this.member = member;
    }

    /** A read came in. */
    void add(long from, long id) {
        if (waiting.size() >= member.config.limits().reads()) {
            refuse(new Waiting(from, id));
        } else {
            waiting.addLast(new Waiting(from, id));
        }
    }

    /**
     * Begins a round for all that wait, if none is under way.
     *
     * <p>Until an entry of the leader's own term is committed its commit index may be behind what
     * its predecessor had answered, and reads wait (raft.md scenarios 31, 32: with one voter too).
     *
     * @return whether heartbeats must go out with {@link #round}
     */
    boolean begin() {
        if (!asked.isEmpty() || waiting.isEmpty() || !member.committedInTerm()) {
            return false;
        }
        asked.addAll(waiting);
        waiting.clear();
        round++;
        index = member.commit;
        return true;
    }

    /** The round that heartbeats carry. */
    long round() {
        return round;
    }

    /**
     * Answers the reads of the round if a quorum answered it, by the same quorum as commits
     * (raft.md scenario 34).
     *
     * @param answered the latest round that a member answered
     */
    void confirm(LongUnaryOperator answered) {
        if (asked.isEmpty() || member.quorum().reached(answered) < round) {
            return;
        }
        for (Waiting read : asked) {
            if (read.from == member.id()) {
                member.out.read(new Ready.ReadPoint(read.id, index));
            } else {
                member.out.now(new Message.ReadAnswer(member.id(), read.from, read.id, index));
            }
        }
        asked.clear();
    }

    /** Leadership ended: whoever asked hears so at once (raft.md scenario 35). */
    void refuseAll() {
        asked.forEach(this::refuse);
        waiting.forEach(this::refuse);
        asked.clear();
        waiting.clear();
    }

    private void refuse(Waiting read) {
        if (read.from == member.id()) {
            member.out.refuseRead(read.id);
        } else {
            member.out.now(new Message.ReadRefused(member.id(), read.from, read.id));
        }
    }
}
