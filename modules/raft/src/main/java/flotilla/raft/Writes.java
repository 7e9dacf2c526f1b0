package flotilla.raft;

import flotilla.raft.log.BrokenInvariant;
import java.util.ArrayDeque;

/**
 * What is on disk, by the numbers of the writes that are not. A write is done when it and all
 * before it are. How far the <em>present</em> log is on disk follows from two things: where the log
 * on disk ends after the last finished write, and where each unfinished one will begin to change
 * it. An index alone would lie: of entries overwritten and written again the first completion says
 * nothing about the last (raft.md scenarios 27 and 28); nor does an index with its term.
 */
final class Writes {
    /** A write that changes no entry. */
    private static final long NOWHERE = Long.MAX_VALUE;

    /**
     * @param first from where on it changes the log
     * @param last where the log ends after it
     * @param tick when it was begun
     */
    private record Write(long number, long first, long last, long term, long vote, long tick) {}

    private final ArrayDeque<Write> pending = new ArrayDeque<>();
    private long issued;
    private long storedLast;
    private long storedTerm;
    private long storedVote;
    private long stable;

    Writes(Member member) {
        storedLast = member.log.lastIndex();
        storedTerm = member.term;
        storedVote = member.vote;
        stable = storedLast;
    }

    /**
     * A write goes out.
     *
     * @param first first index it changes; 0 if it leaves the entries as they are
     */
    void begin(Member member, long first) {
        issued++;
        pending.addLast(
                new Write(
                        issued,
                        first == 0 ? NOWHERE : first,
                        member.log.lastIndex(),
                        member.term,
                        member.vote,
                        member.ticks));
        measure();
    }

    /** All up to this one are done. */
    void done(long number) {
        if (number > issued) {
            throw new BrokenInvariant(
                    "write %d was reported done, the last one was %d".formatted(number, issued));
        }
        while (!pending.isEmpty() && pending.peekFirst().number <= number) {
            Write done = pending.removeFirst();
            storedTerm = done.term;
            storedVote = done.vote;
            if (done.first != NOWHERE) {
                storedLast = done.last;
            }
        }
        measure();
    }

    private void measure() {
        stable = storedLast;
        for (Write write : pending) {
            stable = Math.min(stable, write.first - 1);
        }
    }

    /** The number of the last write. */
    long issued() {
        return issued;
    }

    /** The present log is on disk up to here. */
    long stable() {
        return stable;
    }

    /** Whether a crash now would bring back this term and vote. */
    boolean hold(long term, long vote) {
        return storedTerm == term && storedVote == vote;
    }

    /** Whether the oldest unfinished write is older than that. */
    boolean hang(long now, long ticks) {
        return !pending.isEmpty() && now - pending.peekFirst().tick > ticks;
    }
}
