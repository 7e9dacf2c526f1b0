package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import flotilla.protocol.KeyValue;
import java.io.IOException;

/**
 * What there is to say of one version of a key but its value: enough to count, page, filter, sort
 * and delete without reading values.
 *
 * @param at when it was put, and under which revision its value lies
 * @param createRevision when the key came to be
 * @param version how often it was put since
 * @param lease 0 for none
 */
public record KeyHead(Revision at, long createRevision, long version, long lease) {
    /** As it lies in {@link Space#LATEST} and {@link Space#HISTORY}; never empty. */
    byte[] encode() {
        long[] fields = {at.main(), at.sub(), createRevision, version, lease};
        int size = 0;
        for (long field : fields) {
            size += CodedOutputStream.computeUInt64SizeNoTag(field);
        }
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            for (long field : fields) {
                out.writeUInt64NoTag(field);
            }
        } catch (IOException e) {
            throw new IllegalStateException("write to an array", e);
        }
        return bytes;
    }

    static KeyHead decode(byte[] bytes) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        try {
            Revision at = new Revision(in.readUInt64(), in.readUInt64());
            return new KeyHead(at, in.readUInt64(), in.readUInt64(), in.readUInt64());
        } catch (IOException e) {
            throw new IllegalStateException("a stored key is damaged: " + e.getMessage(), e);
        }
    }

    /** As etcd tells it where values aren't asked for. */
    KeyValue.Builder of(ByteString key) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setCreateRevision(createRevision)
                .setModRevision(at.main())
                .setVersion(version)
                .setLease(lease);
    }
}
