package flotilla.store.log.peer;

import flotilla.raft.log.Entry;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.message.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Messages from one member to another, of every kind that travels. */
final class SampleMessages {
    private final long from;
    private final long to;

    SampleMessages(long from, long to) {
        this.from = from;
        this.to = to;
    }

    /** One of each, with extremes. */
    List<Message> table() {
        long large = Long.MAX_VALUE;
        return List.of(
                append(3, new int[0]),
                append(1, 0),
                append(7, 1, 70_000, 0, 300_000),
                new Message.Accepted(from, to, 4, large, 2),
                new Message.Rejected(from, to, large, 9, 8, 3),
                new Message.Heartbeat(from, to, 5, 17, large),
                new Message.HeartbeatAnswer(from, to, 5, 3, 2),
                new Message.VoteRequest(from, to, 6, 100, 5, Ballot.PRE_VOTE),
                new Message.VoteRequest(from, to, 6, 100, 5, Ballot.VOTE),
                new Message.VoteRequest(from, to, 6, 100, 5, Ballot.TRANSFER),
                new Message.VoteAnswer(from, to, 6, Ballot.VOTE, true),
                new Message.VoteAnswer(from, to, 6, Ballot.PRE_VOTE, false),
                new Message.NewerTerm(from, to, large),
                new Message.TimeoutNow(from, to, 1),
                new Message.TimeoutRefused(from, to, 1),
                new Message.ReadRequest(from, to, -1),
                new Message.ReadAnswer(from, to, -1, 12),
                new Message.ReadRefused(from, to, Long.MIN_VALUE));
    }

    Message.Heartbeat heartbeat(long round) {
        return new Message.Heartbeat(from, to, 1, 0, round);
    }

    Message.Accepted accepted(long match) {
        return new Message.Accepted(from, to, 1, match, 0);
    }

    /** Behind entry {@code prev}, one entry of each size. */
    Message.Append append(long prev, int... sizes) {
        return append(new Random(prev), prev, sizes);
    }

    Message.Append append(Random chance, long prev, int... sizes) {
        List<Entry> entries = new ArrayList<>();
        Entry.Kind[] kinds = Entry.Kind.values();
        for (int size : sizes) {
            byte[] data = new byte[size];
            chance.nextBytes(data);
            long index = prev + entries.size() + 1;
            entries.add(new Entry(index, 2, kinds[(int) (index % kinds.length)], data));
        }
        long lastTerm = sizes.length == 0 ? 1 : 2;
        Span span = new Span(prev, 1, prev + sizes.length, lastTerm);
        return new Message.Append(from, to, 2, span, prev, entries);
    }
}
