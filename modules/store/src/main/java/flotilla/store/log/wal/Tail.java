package flotilla.store.log.wal;

import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The end of the log, where records are added. They are gathered in a buffer; {@link #flush} has
 * them in the file, {@link #sync} on the disk.
 */
final class Tail {
    /** At most gathered before a write, in bytes; what is larger is written in parts. */
    private static final int BUFFER_BYTES = 128 << 10;

    /**
     * What the system writes to the disk as one, in bytes. A part of a record ends with one, never
     * within: else the disk might have the first half of a sector from one write and never get the
     * second from the next, which looks like damage and not like a torn record.
     */
    private static final int PAGE_BYTES = 4096;

    private final Segment segment;
    private final ByteBuffer buffer;
    private final int stepBytes;
    private final Chain chain;

    /** Where the buffer's first byte goes. */
    private long position;

    /** The file's length. From the log's end to here it has zeros. */
    private long allocated;

    private boolean synced;
    private boolean endsWithCrc;

    /** An empty file, to go on from a value of the chain. */
    Tail(Segment segment, WalOptions options, int chain) {
        this.segment = segment;
        this.stepBytes = options.stepBytes();
        this.buffer =
                ByteBuffer.allocate(
                                Math.clamp(options.segmentBytes(), 2 * PAGE_BYTES, BUFFER_BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN);
        this.chain = Chain.from(chain);
    }

    /**
     * A file with records, all of them synced, and nothing but zeros after them.
     *
     * @param end of the last record
     * @param endsWithCrc whether that is one of type {@link RecordType#CRC}
     */
    static Tail after(Segment segment, WalOptions options, Place end, boolean endsWithCrc)
            throws IOException {
        Tail tail = new Tail(segment, options, end.chain());
        tail.position = end.offset();
        tail.allocated = segment.file().size();
        tail.synced = true;
        tail.endsWithCrc = endsWithCrc;
        return tail;
    }

    Segment segment() {
        return segment;
    }

    /** Where the next record begins. */
    Place end() {
        return new Place(segment.number(), position + buffer.position(), chain.value());
    }

    /**
     * What comes now is written after all before it was synced, and says so: if later some of that
     * is missing, then not because of a power cut.
     */
    void markSync() throws IOException {
        if (synced && !endsWithCrc) {
            add(RecordType.CRC);
        }
    }

    /** Heads a file. */
    void head(WalOwner owner) throws IOException {
        add(RecordType.CRC);
        add(RecordType.METADATA, Payload.of(owner));
    }

    /** Says that the log goes on in another file, which is there for good. */
    void seal() throws IOException {
        add(RecordType.CRC);
        add(RecordType.CRC);
    }

    void add(Entry entry) throws IOException {
        add(RecordType.ENTRY, Payload.headOf(entry), entry.data());
    }

    void add(HardState state) throws IOException {
        add(RecordType.STATE, Payload.of(state));
    }

    void add(SnapshotMark mark) throws IOException {
        add(RecordType.SNAPSHOT, Payload.of(mark));
    }

    private void add(RecordType type, byte[]... data) throws IOException {
        int length = 0;
        for (byte[] part : data) {
            chain.add(part, 0, part.length);
            length = Math.addExact(length, part.length);
        }
        byte[] head = RecordHead.encode(type, chain.value(), length);
        Frame frame = Frame.around(Math.addExact(head.length, length));
        if (buffer.remaining() < Frame.BYTES) {
            writePages();
        }
        buffer.putLong(frame.word());
        put(head);
        for (byte[] part : data) {
            put(part);
        }
        put(new byte[frame.padding()]);
        endsWithCrc = type == RecordType.CRC;
    }

    private void put(byte[] bytes) throws IOException {
        int done = 0;
        while (done < bytes.length) {
            if (!buffer.hasRemaining()) {
                writePages();
            }
            int some = Math.min(buffer.remaining(), bytes.length - done);
            buffer.put(bytes, done, some);
            done += some;
        }
    }

    /** Has everything that was added in the file, but not on the disk. */
    void flush() throws IOException {
        write(buffer.position());
    }

    private void writePages() throws IOException {
        write(buffer.position() - (int) ((position + buffer.position()) % PAGE_BYTES));
    }

    private void write(int length) throws IOException {
        if (length == 0) {
            return;
        }
        allocate(position + length);
        segment.file().write(buffer.duplicate().flip().limit(length), position);
        buffer.flip().position(length);
        buffer.compact();
        position += length;
        synced = false;
    }

    private void allocate(long needed) throws IOException {
        if (needed > allocated) {
            long enough = Math.ceilDiv(needed, stepBytes) * stepBytes;
            Zeros.write(segment.file(), allocated, enough);
            allocated = enough;
        }
    }

    /** Everything that was flushed is on the disk when this returns. */
    void sync() throws IOException {
        if (!synced) {
            segment.file().sync();
            synced = true;
        }
    }
}
