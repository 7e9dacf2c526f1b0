package flotilla.store.log.wal;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A record (walpb.Record) up to its data, which is its last field. By hand, not by the generated
 * message, because that would copy the data of each entry twice.
 *
 * @param type number of its {@link RecordType}
 * @param crc the chain's value
 * @param bytes length of this head
 * @param data length of the data that follows
 */
record RecordHead(long type, int crc, int bytes, int data) {
    /** A head has no more: three tags, a type of one byte, a checksum and a length of five each. */
    static final int BYTES_MAX = 14;

    private static final int TYPE = 1 << 3 | WireFormat.WIRETYPE_VARINT;
    private static final int CRC = 2 << 3 | WireFormat.WIRETYPE_VARINT;
    private static final int DATA = 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    static byte[] encode(RecordType type, int crc, int data) {
        int length =
                3
                        + CodedOutputStream.computeUInt32SizeNoTag(crc)
                        + (data == 0 ? 0 : 1 + CodedOutputStream.computeUInt32SizeNoTag(data));
        byte[] head = new byte[length];
        CodedOutputStream out = CodedOutputStream.newInstance(head);
        try {
            out.writeUInt32NoTag(TYPE);
            out.writeUInt32NoTag(type.number());
            out.writeUInt32NoTag(CRC);
            out.writeUInt32NoTag(crc);
            if (data > 0) {
                out.writeUInt32NoTag(DATA);
                out.writeUInt32NoTag(data);
            }
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("a head of " + length + " bytes", e);
        }
        return head;
    }

    /** Nothing if these bytes begin no record. They may end before its data does. */
    static @Nullable RecordHead parse(byte[] bytes, int from, int length) {
        CodedInputStream in = CodedInputStream.newInstance(bytes, from, length);
        long type = 0;
        long crc = 0;
        try {
            while (!in.isAtEnd()) {
                int tag = in.readTag();
                if (tag == TYPE) {
                    type = in.readInt64();
                } else if (tag == CRC) {
                    crc = in.readUInt64();
                } else if (tag == DATA) {
                    return of(type, crc, in.readUInt64(), in.getTotalBytesRead());
                } else {
                    return null;
                }
            }
        } catch (IOException notARecord) {
            return null;
        }
        return of(type, crc, 0, in.getTotalBytesRead());
    }

    /** Nothing if a number has bits that its field has no room for. */
    private static @Nullable RecordHead of(long type, long crc, long data, int bytes) {
        return crc >>> Integer.SIZE == 0 && data >= 0 && data <= Integer.MAX_VALUE
                ? new RecordHead(type, (int) crc, bytes, (int) data)
                : null;
    }

    /** Of the whole record, as the head has it. */
    long length() {
        return (long) bytes + data;
    }
}
