package flotilla.raft.message;

import flotilla.raft.log.BrokenInvariant;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import java.util.List;

/**
 * A message between two members. Any may be lost, doubled, delayed or overtaken: none relies on
 * another, and a repeated one changes nothing. Each has the sender's term, except those about
 * reads, whose term is 0: a read's answer is right or void by its id alone.
 */
public sealed interface Message {
    long from();

    long to();

    long term();

    /**
     * From a leader: entries, or with an empty span the question whether the log agrees up to
     * there. The core names a span; whoever sends it {@linkplain #with puts the entries in}.
     *
     * @param commit the leader's commit index
     * @param entries those of the span; empty as the core makes it
     */
    record Append(long from, long to, long term, Span span, long commit, List<Entry> entries)
            implements Message {
        public Append {
            entries = List.copyOf(entries);
            if (!entries.isEmpty()) {
                check(span, entries, term);
            }
        }

        /** With the entries of its span. */
        public Append with(List<Entry> those) {
            return new Append(from, to, term, span, commit, those);
        }

        /** Whether the entries of its span are in it. */
        public boolean filled() {
            return entries.size() == span.lastIndex() - span.prevIndex();
        }

        private static void check(Span span, List<Entry> entries, long term) {
            long index = span.prevIndex();
            long before = span.prevTerm();
            for (Entry entry : entries) {
                index++;
                if (entry.index() != index || entry.term() < before || entry.term() > term) {
                    throw new IllegalArgumentException(
                            "entry %d/%d does not belong to %s of term %d"
                                    .formatted(entry.index(), entry.term(), span, term));
                }
                before = entry.term();
            }
            if (index != span.lastIndex() || before != span.lastTerm()) {
                throw new IllegalArgumentException(
                        "entries end at %d/%d, not with %s".formatted(index, before, span));
            }
        }
    }

    /**
     * The log equals the leader's up to {@code match}, on disk.
     *
     * @param commit how far the sender knows the log to be committed
     */
    record Accepted(long from, long to, long term, long match, long commit) implements Message {}

    /**
     * The log has no entry that matches the span's beginning.
     *
     * @param prevIndex which beginning
     * @param hintIndex the largest index of the sender's log at which it may agree
     * @param hintTerm the term there
     */
    record Rejected(long from, long to, long term, long prevIndex, long hintIndex, long hintTerm)
            implements Message {}

    /**
     * A leader lives.
     *
     * @param commit committed, and known to be in the receiver's log
     * @param round counts up; whoever answers still followed this leader when it was sent
     */
    record Heartbeat(long from, long to, long term, long commit, long round) implements Message {}

    /** A follower lives, and follows. */
    record HeartbeatAnswer(long from, long to, long term, long round, long commit)
            implements Message {}

    /**
     * A leader's snapshot has arrived, whole and checked. Made by the receiver's driver when it has
     * it on disk; the sender's core only orders it.
     */
    record InstallSnapshot(long from, long to, long term, SnapshotMark mark) implements Message {}

    /**
     * A candidate asks for a vote.
     *
     * @param term the term it stands for; one above its own if it only asks beforehand
     * @param last index of the candidate's last entry
     * @param lastTerm its term
     * @param kind why it asks
     */
    record VoteRequest(long from, long to, long term, long last, long lastTerm, Ballot kind)
            implements Message {}

    /**
     * @param term of the request if granted, of the voter if not (raft.md scenario 3)
     * @param kind of the request
     */
    record VoteAnswer(long from, long to, long term, Ballot kind, boolean granted)
            implements Message {}

    /** What a vote is for. */
    enum Ballot {
        /** Whether it would be given; changes nothing (thesis 9.6). */
        PRE_VOTE,
        VOTE,
        /** The leader itself asked the candidate to stand: no lease protects it (thesis 3.10). */
        TRANSFER
    }

    /** The receiver of an older term's message says which term it is in. */
    record NewerTerm(long from, long to, long term) implements Message {}

    /** The leader hands over: stand for election at once (thesis 3.10). */
    record TimeoutNow(long from, long to, long term) implements Message {}

    /** The follower that was to take over can't: the leader goes on at once. */
    record TimeoutRefused(long from, long to, long term) implements Message {}

    /** A follower asks up to where it must have applied to answer a read. */
    record ReadRequest(long from, long to, long id) implements Message {
        @Override
        public long term() {
            return 0;
        }
    }

    /** Up to here. */
    record ReadAnswer(long from, long to, long id, long index) implements Message {
        @Override
        public long term() {
            return 0;
        }
    }

    /** The asked member can't say: it doesn't lead, no longer leads, or has too many waiting. */
    record ReadRefused(long from, long to, long id) implements Message {
        @Override
        public long term() {
            return 0;
        }
    }

    /**
     * The entries a driver put in must be those of the span; checked where they are about to be
     * used.
     */
    static void requireFilled(Append append) {
        if (!append.filled()) {
            throw new BrokenInvariant("an append came without the entries of its " + append.span());
        }
    }
}
