package flotilla.store.log.peer;

import flotilla.raft.log.Entry;
import flotilla.raft.message.Message;
import flotilla.raft.message.Message.Ballot;
import flotilla.raft.message.Span;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of consensus as bytes: the term and what else they say, each number in eight bytes; then
 * an append's entries: how many, the term, kind and size of each, and the bytes of all. From whom
 * to whom is settled by the connection, so no message can claim otherwise.
 */
final class Messages {
    /** Of an entry's term, kind and size, in bytes. */
    private static final int ENTRY_HEAD_BYTES = Long.BYTES + 1 + Integer.BYTES;

    /** By their numbers in the protocol. */
    private static final List<Ballot> BALLOTS =
            List.of(Ballot.PRE_VOTE, Ballot.VOTE, Ballot.TRANSFER);

    private Messages() {}

    /** Whose connection it is. */
    record Ends(long from, long to) {}

    /**
     * @throws flotilla.raft.log.BrokenInvariant for an append without its entries
     * @throws IllegalArgumentException for what never travels, or is too large to
     */
    static Outgoing write(Message message) {
        return switch (message) {
            case Message.Append append -> append(append);
            case Message.Accepted(_, _, long term, long match, long commit) ->
                    numbers(Kind.ACCEPTED, term, match, commit);
            case Message.Rejected(_, _, long term, long prev, long hintIndex, long hintTerm) ->
                    numbers(Kind.REJECTED, term, prev, hintIndex, hintTerm);
            case Message.Heartbeat(_, _, long term, long commit, long round) ->
                    numbers(Kind.HEARTBEAT, term, commit, round);
            case Message.HeartbeatAnswer(_, _, long term, long round, long commit) ->
                    numbers(Kind.HEARTBEAT_ANSWER, term, round, commit);
            case Message.VoteRequest(_, _, long term, long last, long lastTerm, Ballot kind) ->
                    numbers(Kind.VOTE_REQUEST, term, last, lastTerm, BALLOTS.indexOf(kind));
            case Message.VoteAnswer(_, _, long term, Ballot kind, boolean granted) ->
                    numbers(Kind.VOTE_ANSWER, term, BALLOTS.indexOf(kind), granted ? 1 : 0);
            case Message.NewerTerm(_, _, long term) -> numbers(Kind.NEWER_TERM, term);
            case Message.TimeoutNow(_, _, long term) -> numbers(Kind.TIMEOUT_NOW, term);
            case Message.TimeoutRefused(_, _, long term) -> numbers(Kind.TIMEOUT_REFUSED, term);
            case Message.ReadRequest(_, _, long id) -> numbers(Kind.READ_REQUEST, id);
            case Message.ReadAnswer(_, _, long id, long index) ->
                    numbers(Kind.READ_ANSWER, id, index);
            case Message.ReadRefused(_, _, long id) -> numbers(Kind.READ_REFUSED, id);
            case Message.InstallSnapshot _ ->
                    throw new IllegalArgumentException(
                            "a snapshot is sent with its bytes; its receiver makes the message");
        };
    }

    private static Outgoing numbers(Kind kind, long... numbers) {
        ByteBuffer out = ByteBuffer.allocate(numbers.length * Long.BYTES);
        for (long number : numbers) {
            out.putLong(number);
        }
        return new Outgoing(kind, out.array());
    }

    private static Outgoing append(Message.Append append) {
        Message.requireFilled(append);
        List<Entry> entries = append.entries();
        Span span = append.span();
        ByteBuffer head =
                ByteBuffer.allocate(
                        6 * Long.BYTES + Integer.BYTES + entries.size() * ENTRY_HEAD_BYTES);
        head.putLong(append.term()).putLong(append.commit());
        head.putLong(span.prevIndex()).putLong(span.prevTerm());
        head.putLong(span.lastIndex()).putLong(span.lastTerm());
        head.putInt(entries.size());
        List<byte[]> pieces = new ArrayList<>(1 + entries.size());
        pieces.add(head.array());
        for (Entry entry : entries) {
            head.putLong(entry.term()).put((byte) entry.kind().number()).putInt(entry.bytes());
            pieces.add(entry.data());
        }
        return new Outgoing(Kind.APPEND, pieces);
    }

    /**
     * @throws Malformed if it is no message of that kind
     */
    static Message read(Kind kind, ByteBuf in, Ends ends) {
        long from = ends.from();
        long to = ends.to();
        long first = in.readLong();
        return switch (kind) {
            case APPEND -> readAppend(first, in, ends);
            case ACCEPTED -> new Message.Accepted(from, to, first, in.readLong(), in.readLong());
            case REJECTED ->
                    new Message.Rejected(
                            from, to, first, in.readLong(), in.readLong(), in.readLong());
            case HEARTBEAT -> new Message.Heartbeat(from, to, first, in.readLong(), in.readLong());
            case HEARTBEAT_ANSWER ->
                    new Message.HeartbeatAnswer(from, to, first, in.readLong(), in.readLong());
            case VOTE_REQUEST ->
                    new Message.VoteRequest(
                            from, to, first, in.readLong(), in.readLong(), ballot(in));
            case VOTE_ANSWER ->
                    new Message.VoteAnswer(from, to, first, ballot(in), below(2, in) == 1);
            case NEWER_TERM -> new Message.NewerTerm(from, to, first);
            case TIMEOUT_NOW -> new Message.TimeoutNow(from, to, first);
            case TIMEOUT_REFUSED -> new Message.TimeoutRefused(from, to, first);
            case READ_REQUEST -> new Message.ReadRequest(from, to, first);
            case READ_ANSWER -> new Message.ReadAnswer(from, to, first, in.readLong());
            case READ_REFUSED -> new Message.ReadRefused(from, to, first);
            default -> throw new Malformed(kind + " is no message of consensus");
        };
    }

    private static Ballot ballot(ByteBuf in) {
        return BALLOTS.get(below(BALLOTS.size(), in));
    }

    private static int below(int end, ByteBuf in) {
        long number = in.readLong();
        if (number < 0 || number >= end) {
            throw new Malformed("the number " + number + " where there are " + end + " choices");
        }
        return (int) number;
    }

    private static Message.Append readAppend(long term, ByteBuf in, Ends ends) {
        long commit = in.readLong();
        Span span = new Span(in.readLong(), in.readLong(), in.readLong(), in.readLong());
        int count = in.readInt();
        if (count < 0 || count != span.lastIndex() - span.prevIndex()) {
            throw new Malformed("an append of " + span + " with " + count + " entries");
        }
        List<Entry> entries = readEntries(span.prevIndex(), count, in);
        return new Message.Append(ends.from(), ends.to(), term, span, commit, entries);
    }

    private static List<Entry> readEntries(long prevIndex, int count, ByteBuf in) {
        ByteBuf heads = in.readSlice(Math.multiplyExact(count, ENTRY_HEAD_BYTES));
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            long term = heads.readLong();
            Entry.Kind kind = Entry.Kind.of(heads.readUnsignedByte());
            entries.add(new Entry(prevIndex + i, term, kind, bytes(heads.readInt(), in)));
        }
        return entries;
    }

    /** A fresh array: an entry may live as long as the log, and must not hold a network buffer. */
    private static byte[] bytes(int length, ByteBuf in) {
        if (length < 0 || length > in.readableBytes()) {
            throw new Malformed(
                    "an entry of " + length + " bytes where " + in.readableBytes() + " are left");
        }
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }
}
