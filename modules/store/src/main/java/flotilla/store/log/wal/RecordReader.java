package flotilla.store.log.wal;

import flotilla.platform.disk.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads the records of one file, one after the other, and checks each against the chain. */
final class RecordReader {
    /** Read at a time, in bytes; a larger record makes it larger. */
    private static final int WINDOW_BYTES = 256 << 10;

    /** No record is larger, in bytes: what claims to be is damage, not a reason to take memory. */
    private static final long RECORD_BYTES_MAX = 1L << 30;

    private final StoredFile file;
    private final long size;

    /** Nothing until the first checksum is read, if that is to be believed. */
    private @Nullable Chain chain;

    /** A part of the file. */
    private byte[] window;

    private int filled;
    private long windowStart;

    /** Where the next record begins. */
    private long next;

    /** The chain's value after the last whole record. */
    private int after;

    private RecordReader(StoredFile file, long offset, @Nullable Chain chain) throws IOException {
        this.file = file;
        this.size = file.size();
        this.next = offset;
        this.windowStart = offset;
        this.chain = chain;
        this.window = new byte[Math.clamp(size - offset, Frame.BYTES, WINDOW_BYTES)];
        this.after = chain == null ? 0 : chain.value();
    }

    /** Goes on from a place whose chain is known. */
    static RecordReader from(StoredFile file, long offset, int chain) throws IOException {
        return new RecordReader(file, offset, Chain.from(chain));
    }

    /** Begins with a checksum that is believed: of what comes before it nothing is known. */
    static RecordReader believing(StoredFile file, long offset) throws IOException {
        return new RecordReader(file, offset, null);
    }

    Reading next() throws IOException {
        if (size - next < Frame.BYTES) {
            return new Reading.End(next);
        }
        int start = load(next, Frame.BYTES);
        long word = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN).getLong(start);
        if (word == 0) {
            return new Reading.End(next);
        }
        Frame frame = Frame.of(word);
        if (frame == null || frame.length() > RECORD_BYTES_MAX) {
            return damage("%016x is no record's length".formatted(word));
        }
        long begin = next + Frame.BYTES;
        if (frame.padded() > size - begin) {
            return broken(
                    "a record of " + frame.length() + " bytes goes beyond the end of the file",
                    frame);
        }
        return record(frame, load(begin, (int) frame.padded()));
    }

    private Reading record(Frame frame, int at) throws IOException {
        int length = (int) frame.length();
        byte[] bytes = window;
        RecordHead head = RecordHead.parse(bytes, at, length);
        if (head == null || head.length() != length) {
            return broken("not a record", frame);
        }
        RecordType type = RecordType.of(head.type());
        if (type == null || (type == RecordType.CRC) != (head.data() == 0)) {
            return broken(
                    "a record of type %d with %d bytes of data".formatted(head.type(), head.data()),
                    frame);
        }
        for (int i = 0; i < frame.padding(); i++) {
            if (bytes[at + length + i] != 0) {
                return damage("the padding of a record isn't zero");
            }
        }
        if (chain == null) {
            if (type != RecordType.CRC) {
                return damage("a record of type %s stands where a checksum must".formatted(type));
            }
            chain = Chain.from(head.crc());
            after = head.crc();
        }
        int before = after;
        chain.add(bytes, at + head.bytes(), head.data());
        if (chain.value() != head.crc()) {
            return broken(
                    "a record of type %s has the checksum %08x, and it and all before it make %08x"
                            .formatted(type, head.crc(), chain.value()),
                    frame);
        }
        long offset = next;
        next += Frame.BYTES + frame.padded();
        after = head.crc();
        return new Reading.Whole(
                offset, type, before, head.crc(), bytes, at + head.bytes(), head.data());
    }

    /** The chain's value after the last whole record. */
    int chain() {
        return after;
    }

    private Reading damage(String what) {
        return new Reading.Broken(next, what, false);
    }

    private Reading broken(String what, Frame frame) throws IOException {
        TornRecord.Found found = new TornRecord.Found(frame, next + Frame.BYTES);
        int present = (int) Math.min(found.sectorsBytes(), size - found.offset());
        int at = load(found.offset(), present);
        return new Reading.Broken(next, what, TornRecord.isLike(window, at, present, found));
    }

    /** Has bytes of the file in the window, and says where in it they begin. */
    private int load(long offset, int bytes) throws IOException {
        long end = windowStart + filled;
        if (offset + bytes > end) {
            byte[] target = bytes > window.length ? new byte[bytes] : window;
            int kept = (int) Math.max(0, end - offset);
            System.arraycopy(window, filled - kept, target, 0, kept);
            int room = (int) Math.min(target.length, size - offset) - kept;
            file.read(ByteBuffer.wrap(target, kept, room), offset + kept);
            window = target;
            filled = kept + room;
            windowStart = offset;
        }
        return (int) (offset - windowStart);
    }
}
