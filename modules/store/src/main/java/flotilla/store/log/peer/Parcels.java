package flotilla.store.log.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.log.Introduction;
import flotilla.store.log.SnapshotShelf.Part;
import flotilla.store.log.peer.Messages.Ends;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Parcels as bytes, and back; whatever comes in is checked here, before anybody acts on it. */
final class Parcels {
    /** Of a reason in words, in characters. */
    private static final int REASON_CHARS_MAX = 1_000;

    private Parcels() {}

    static Outgoing write(Parcel parcel) {
        return switch (parcel) {
            case Parcel.Raft(var message) -> Messages.write(message);
            case Parcel.Question(long id, PeerRequest request) ->
                    Outgoing.question(id, List.of(number(id), request.toByteArray()));
            case Parcel.Answer(long id, PeerReply reply) ->
                    new Outgoing(Kind.ANSWER, List.of(number(id), reply.toByteArray()));
            case Parcel.NoAnswer(long id, String reason) -> words(Kind.NO_ANSWER, id, reason);
            case Parcel.Offer offer -> offer(offer);
            case Parcel.Wanted wanted ->
                    small(
                            Kind.WANTED,
                            position(room(wanted.sending(), wanted.beginning()), wanted.from())
                                    .putInt(wanted.digest())
                                    .putInt(wanted.windowBytes()));
            case Parcel.Chunk(long sending, int beginning, Position at, byte[] data) -> {
                ByteBuffer head = position(room(sending, beginning), at);
                yield new Outgoing(Kind.CHUNK, List.of(written(head), data));
            }
            case Parcel.End(long sending, int beginning, int digest) ->
                    small(Kind.END, room(sending, beginning).putInt(digest));
            case Parcel.Kept(long sending, Position upTo) ->
                    small(Kind.KEPT, position(room().putLong(sending), upTo));
            case Parcel.Done(long sending) -> new Outgoing(Kind.DONE, number(sending));
            case Parcel.Declined(long sending, String reason) ->
                    words(Kind.DECLINED, sending, reason);
            case Parcel.Abandoned(long sending) -> new Outgoing(Kind.ABANDONED, number(sending));
            case Parcel.Ping(long number) -> new Outgoing(Kind.PING, number(number));
            case Parcel.Pong(long number) -> new Outgoing(Kind.PONG, number(number));
            case Parcel.Greeting(Hello hello) -> new Outgoing(Kind.HELLO, hello.bytes());
            case Parcel.Introduce() -> new Outgoing(Kind.INTRODUCE, new byte[0]);
            case Parcel.Introduced(Introduction introduction) ->
                    new Outgoing(Kind.INTRODUCTION, Introductions.write(introduction));
            case Parcel.Refusal(String reason, boolean removed) ->
                    new Outgoing(removed ? Kind.REMOVED : Kind.REFUSAL, text(reason));
        };
    }

    /**
     * @throws Malformed if it is no parcel of that kind, or more than one
     */
    static Parcel read(Kind kind, ByteBuf in, Ends ends) {
        try {
            Parcel parcel = parse(kind, in, ends);
            if (in.isReadable()) {
                throw new Malformed(in.readableBytes() + " bytes behind a parcel " + kind);
            }
            return parcel;
        } catch (IndexOutOfBoundsException e) {
            throw new Malformed("a parcel " + kind + " that is too short", e);
        } catch (IllegalArgumentException
                | ArithmeticException
                | InvalidProtocolBufferException e) {
            throw new Malformed("no parcel " + kind + ": " + e.getMessage(), e);
        }
    }

    private static Parcel parse(Kind kind, ByteBuf in, Ends ends)
            throws InvalidProtocolBufferException {
        return switch (kind) {
            case QUESTION -> new Parcel.Question(in.readLong(), PeerRequest.parseFrom(rest(in)));
            case ANSWER -> new Parcel.Answer(in.readLong(), PeerReply.parseFrom(rest(in)));
            case NO_ANSWER -> new Parcel.NoAnswer(in.readLong(), words(in));
            case OFFER -> readOffer(in);
            case WANTED ->
                    new Parcel.Wanted(
                            in.readLong(), in.readInt(), position(in), in.readInt(), in.readInt());
            case CHUNK -> new Parcel.Chunk(in.readLong(), in.readInt(), position(in), rest(in));
            case END -> new Parcel.End(in.readLong(), in.readInt(), in.readInt());
            case KEPT -> new Parcel.Kept(in.readLong(), position(in));
            case DONE -> new Parcel.Done(in.readLong());
            case DECLINED -> new Parcel.Declined(in.readLong(), words(in));
            case ABANDONED -> new Parcel.Abandoned(in.readLong());
            case PING -> new Parcel.Ping(in.readLong());
            case PONG -> new Parcel.Pong(in.readLong());
            case HELLO -> new Parcel.Greeting(Hello.read(in));
            case INTRODUCE -> {
                in.skipBytes(in.readableBytes());
                yield new Parcel.Introduce();
            }
            case INTRODUCTION -> new Parcel.Introduced(Introductions.read(rest(in)));
            case REFUSAL -> new Parcel.Refusal(words(in));
            case REMOVED -> new Parcel.Refusal(words(in), true);
            default -> new Parcel.Raft(Messages.read(kind, in, ends));
        };
    }

    private static Outgoing offer(Parcel.Offer offer) {
        SnapshotMark mark = offer.manifest().mark();
        ByteBuf out = Unpooled.buffer();
        out.writeLong(offer.sending()).writeInt(offer.beginning()).writeLong(offer.term());
        out.writeLong(mark.index()).writeLong(mark.term());
        ConfState members = mark.members();
        ids(members.voters(), out);
        ids(members.learners(), out);
        ids(members.votersOutgoing(), out);
        ids(members.learnersNext(), out);
        out.writeBoolean(members.autoLeave()).writeInt(offer.parts().size());
        for (Part part : offer.parts()) {
            byte[] name = part.name().getBytes(StandardCharsets.UTF_8);
            out.writeLong(part.bytes()).writeShort(name.length).writeBytes(name);
        }
        return new Outgoing(Kind.OFFER, rest(out));
    }

    private static Parcel.Offer readOffer(ByteBuf in) {
        long sending = in.readLong();
        int beginning = in.readInt();
        long term = in.readLong();
        long index = in.readLong();
        long indexTerm = in.readLong();
        ConfState members = new ConfState(ids(in), ids(in), ids(in), ids(in), in.readByte() != 0);
        int count = in.readInt();
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long bytes = in.readLong();
            int length = in.readUnsignedShort();
            parts.add(new Part(in.readString(length, StandardCharsets.UTF_8), bytes));
        }
        SnapshotMark mark = new SnapshotMark(index, indexTerm, members);
        return new Parcel.Offer(sending, beginning, term, new Manifest(mark, parts));
    }

    private static void ids(List<Long> ids, ByteBuf out) {
        out.writeShort(ids.size());
        ids.forEach(out::writeLong);
    }

    private static List<Long> ids(ByteBuf in) {
        int count = in.readUnsignedShort();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(in.readLong());
        }
        return ids;
    }

    private static Position position(ByteBuf in) {
        return new Position(in.readInt(), in.readLong());
    }

    private static ByteBuffer position(ByteBuffer out, Position position) {
        return out.putInt(position.part()).putLong(position.offset());
    }

    private static ByteBuffer room(long sending, int beginning) {
        return room().putLong(sending).putInt(beginning);
    }

    /** For the numbers of a small parcel. */
    private static ByteBuffer room() {
        return ByteBuffer.allocate(5 * Long.BYTES);
    }

    private static byte[] written(ByteBuffer head) {
        byte[] bytes = new byte[head.flip().remaining()];
        head.get(bytes);
        return bytes;
    }

    private static Outgoing small(Kind kind, ByteBuffer head) {
        return new Outgoing(kind, written(head));
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    private static Outgoing words(Kind kind, long number, String words) {
        return new Outgoing(kind, List.of(number(number), text(words)));
    }

    private static byte[] text(String words) {
        int end = Math.min(words.length(), REASON_CHARS_MAX);
        return words.substring(0, end).getBytes(StandardCharsets.UTF_8);
    }

    private static String words(ByteBuf in) {
        return in.readString(in.readableBytes(), StandardCharsets.UTF_8);
    }

    private static byte[] rest(ByteBuf in) {
        byte[] bytes = new byte[in.readableBytes()];
        in.readBytes(bytes);
        return bytes;
    }
}
