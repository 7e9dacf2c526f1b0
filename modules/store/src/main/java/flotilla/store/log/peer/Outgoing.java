package flotilla.store.log.peer;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A parcel that waits to be sent: its head as bytes, and the arrays behind it as they are, shared
 * with whoever else holds them. Written frame by frame, for what is urgent goes in between.
 */
final class Outgoing {
    /** What a waiting parcel takes beside its bytes, in bytes; measured roughly. */
    static final int OVERHEAD_BYTES = 128;

    /** Of a parcel that is no question. */
    private static final long NO_QUESTION = 0;

    private final Kind kind;
    private final List<byte[]> pieces;
    private final int bytes;
    private final long question;
    private int piece;
    private int offset;
    private int left;

    private Outgoing(Kind kind, long question, List<byte[]> pieces) {
        long sum = 0;
        for (byte[] each : pieces) {
            sum += each.length;
        }
        if (sum > kind.lane().parcelBytesMax()) {
            throw new IllegalArgumentException(
                    "a parcel %s of %d bytes: %d are the most"
                            .formatted(kind, sum, kind.lane().parcelBytesMax()));
        }
        this.kind = kind;
        this.question = question;
        this.pieces = pieces;
        this.bytes = (int) sum;
        this.left = bytes;
    }

    Outgoing(Kind kind, List<byte[]> pieces) {
        this(kind, NO_QUESTION, pieces);
    }

    Outgoing(Kind kind, byte[] bytes) {
        this(kind, List.of(bytes));
    }

    /** One of which it must be known whether it left. */
    static Outgoing question(long id, List<byte[]> pieces) {
        return new Outgoing(Kind.QUESTION, id, pieces);
    }

    Kind kind() {
        return kind;
    }

    /** The number of the question, if that is what it is. */
    long question() {
        return question;
    }

    /** What it counts for while it waits. */
    long weight() {
        return (long) bytes + OVERHEAD_BYTES;
    }

    /** Whether a part of it has been written already. */
    boolean begun() {
        return left < bytes;
    }

    /**
     * Writes its next frame.
     *
     * @return whether that was the last one
     */
    boolean writeFrame(ByteBuf out) {
        int length = Math.min(left, Frame.PAYLOAD_MAX);
        left -= length;
        int start = out.writerIndex();
        out.ensureWritable(Frame.HEAD_BYTES + length);
        out.writeInt(length).writeByte(kind.number()).writeByte(left > 0 ? 1 : 0);
        out.writeShort(0).writeInt(0);
        writePayload(out, length);
        out.setInt(start + Frame.SUM_AT, Frame.sum(out, start, length));
        return left == 0;
    }

    private void writePayload(ByteBuf out, int length) {
        int rest = length;
        while (rest > 0) {
            byte[] from = pieces.get(piece);
            int some = Math.min(rest, from.length - offset);
            out.writeBytes(from, offset, some);
            rest -= some;
            offset += some;
            if (offset == from.length) {
                piece++;
                offset = 0;
            }
        }
    }
}
