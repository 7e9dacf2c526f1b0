package flotilla.store.log.peer;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The unit that goes over a connection, a parcel or a piece of one. All numbers are big-endian:
 *
 * <pre>
 * 4 bytes  length of the payload
 * 1 byte   kind of the parcel
 * 1 byte   1 if more frames of this parcel follow on its lane, else 0
 * 2 bytes  0
 * 4 bytes  CRC32C of the 8 bytes above and the payload
 * </pre>
 */
final class Frame {
    /** Of a frame with its head, bytes: what an urgent one waits for at most, and a read brings. */
    static final int BYTES_MAX = 64 << 10;

    static final int HEAD_BYTES = 12;

    static final int PAYLOAD_MAX = BYTES_MAX - HEAD_BYTES;

    /** Where the checksum stands, and how many bytes before it are summed. */
    static final int SUM_AT = 8;

    /** Bytes that tell what a stranger speaks. */
    private static final int SHOWN_BYTES = 8;

    private Frame() {}

    /** The checksum of the whole frame that begins there. */
    static int sum(ByteBuf frame, int start, int payloadBytes) {
        CRC32C crc = new CRC32C();
        crc.update(frame.nioBuffer(start, SUM_AT));
        crc.update(frame.nioBuffer(start + HEAD_BYTES, payloadBytes));
        return (int) crc.getValue();
    }

    /** What it probably is that begins like this and is no frame. */
    static String guess(ByteBuf bytes) {
        int first = bytes.getUnsignedByte(bytes.readerIndex());
        if (first == 0x16) {
            return "a TLS handshake came in, and this side has no TLS for members";
        }
        int shown = Math.min(SHOWN_BYTES, bytes.readableBytes());
        String text = bytes.toString(bytes.readerIndex(), shown, StandardCharsets.ISO_8859_1);
        if (text.startsWith("HTTP")) {
            return "it answers in HTTP: it wants TLS, or is no member of this cluster";
        }
        if (text.matches("(?s)(GET|PUT|POST|HEAD|PRI|OPTIONS|DELETE|CONNECT).*")) {
            return "HTTP came in, which members of this cluster don't speak: is it etcd, or a"
                    + " client with a member's peer URL?";
        }
        return "what came in is no frame of a member";
    }
}
