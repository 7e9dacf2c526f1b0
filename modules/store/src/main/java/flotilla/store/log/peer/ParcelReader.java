package flotilla.store.log.peer;

import flotilla.store.log.peer.Kind.Lane;
import flotilla.store.log.peer.Messages.Ends;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Makes parcels of a connection's bytes. Pieces of a large one are kept as they came in until the
 * last is there; each lane has one under way at most.
 */
final class ParcelReader extends ByteToMessageDecoder {
    /** Whose connection it is is not known before its first parcel. */
    private static final Ends NOBODY = new Ends(0, 0);

    private final LongConsumer bytesIn;
    private final Map<Lane, Pieces> underWay = new EnumMap<>(Lane.class);
    private Ends ends = NOBODY;
    private boolean anyFrame;
    private boolean broken;

    private record Pieces(Kind kind, CompositeByteBuf bytes) {}

    /**
     * @param bytesIn is told how many bytes came in
     */
    ParcelReader(LongConsumer bytesIn) {
        this.bytesIn = bytesIn;
    }

    /** From whom and to whom the messages are that come from now on. */
    void between(Ends known) {
        this.ends = known;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object input) throws Exception {
        if (input instanceof ByteBuf bytes) {
            bytesIn.accept(bytes.readableBytes());
        }
        super.channelRead(context, input);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (broken) {
            // What follows a broken frame means nothing; the connection is being closed.
            in.skipBytes(in.readableBytes());
            return;
        }
        broken = true;
        readFrame(in, out);
        broken = false;
    }

    private void readFrame(ByteBuf in, List<Object> out) {
        if (in.readableBytes() < Integer.BYTES) {
            return;
        }
        int start = in.readerIndex();
        long length = in.getUnsignedInt(start);
        if (length > Frame.PAYLOAD_MAX) {
            throw new Malformed(anyFrame ? "a frame of " + length + " bytes" : Frame.guess(in));
        }
        int bytes = Frame.HEAD_BYTES + (int) length;
        if (in.readableBytes() < bytes) {
            return;
        }
        if (Frame.sum(in, start, (int) length) != in.getInt(start + Frame.SUM_AT)) {
            throw new Malformed("a frame whose checksum does not fit: it was damaged on its way");
        }
        anyFrame = true;
        Kind kind = Kind.of(in.getUnsignedByte(start + Integer.BYTES));
        boolean more = in.getUnsignedByte(start + Integer.BYTES + 1) != 0;
        in.skipBytes(Frame.HEAD_BYTES);
        ByteBuf payload = in.readSlice((int) length);
        if (more || underWay.containsKey(kind.lane())) {
            collect(kind, payload, more, out);
        } else {
            out.add(Parcels.read(kind, payload, ends));
        }
    }

    private void collect(Kind kind, ByteBuf payload, boolean more, List<Object> out) {
        if (kind.lane() == Lane.URGENT) {
            throw new Malformed("a parcel " + kind + " of several frames");
        }
        Pieces pieces =
                underWay.computeIfAbsent(
                        kind.lane(),
                        _ -> new Pieces(kind, payload.alloc().compositeBuffer(Integer.MAX_VALUE)));
        long sum = pieces.bytes().readableBytes() + (long) payload.readableBytes();
        if (pieces.kind() != kind || sum > kind.lane().parcelBytesMax()) {
            throw new Malformed(
                    "a frame of a parcel %s, %d bytes with those before, which were of %s"
                            .formatted(kind, sum, pieces.kind()));
        }
        pieces.bytes().addComponent(true, payload.retain());
        if (!more) {
            underWay.remove(kind.lane());
            try {
                out.add(Parcels.read(kind, pieces.bytes(), ends));
            } finally {
                pieces.bytes().release();
            }
        }
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        underWay.values().forEach(pieces -> pieces.bytes().release());
        underWay.clear();
    }
}
