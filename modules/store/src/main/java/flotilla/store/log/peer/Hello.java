package flotilla.store.log.peer;

import flotilla.store.apply.level.FeatureLevel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who speaks, and to whom: the first frame both ways. Its form stays as it is in every version of
 * the protocol, but for what may follow at its end.
 *
 * @param version of the protocol that follows
 * @param cluster etcd's cluster id
 * @param reads up to which feature level the speaker's program reads
 * @param urls where the speaker itself is reached, for a listener that has yet to learn of it
 */
record Hello(int version, long cluster, long from, long to, int reads, List<String> urls) {
    /** "flotilla", in ASCII. */
    private static final long MAGIC = 0x666c6f74696c6c61L;

    /** The protocol that this member speaks. */
    static final int VERSION = 1;

    /** URLs of a member at most; etcd has no limit. */
    private static final int URLS_MAX = 16;

    /** Bytes of a URL at most: what browsers take. */
    private static final int URL_BYTES_MAX = 2_048;

    Hello {
        urls = List.copyOf(urls);
    }

    /**
     * Why this one is not to be talked to, in words for the log of both sides.
     *
     * @param level the cluster's feature level, as far as it is known here
     */
    Optional<String> refusal(long ownCluster, long self, int level) {
        if (version > VERSION) {
            return Optional.of(
                    "it speaks version %d of the members' protocol, this one only %d: update this one"
                            .formatted(version, VERSION));
        }
        if (version < VERSION) {
            return Optional.of(
                    "it speaks version %d of the members' protocol, this one no longer does: update it"
                            .formatted(version));
        }
        if (cluster != ownCluster) {
            return Optional.of(
                    "cluster ID mismatch: it belongs to cluster %x, this one to %x: one of them has"
                                    .formatted(cluster, ownCluster)
                            + " a wrong --initial-cluster, token or data directory");
        }
        if (to != self) {
            return Optional.of(
                    "it looks for member %x, this is member %x: a peer URL leads to the wrong member"
                            .formatted(to, self));
        }
        if (from == self) {
            return Optional.of(
                    "it calls itself %x as this one does: two members run on the same identity"
                            .formatted(self));
        }
        return FeatureLevel.refusal(level, reads);
    }

    byte[] bytes() {
        ByteBuf out = Unpooled.buffer();
        out.writeLong(MAGIC).writeShort(version).writeLong(cluster).writeLong(from).writeLong(to);
        out.writeInt(reads).writeByte(urls.size());
        for (String url : urls) {
            byte[] text = url.getBytes(StandardCharsets.UTF_8);
            out.writeShort(text.length).writeBytes(text);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    static Hello read(ByteBuf in) {
        if (in.readLong() != MAGIC) {
            throw new Malformed("the first word is none of a member");
        }
        int version = in.readUnsignedShort();
        long cluster = in.readLong();
        long from = in.readLong();
        long to = in.readLong();
        int reads = in.readInt();
        int count = in.readUnsignedByte();
        if (count > URLS_MAX) {
            throw new Malformed("a member with " + count + " URLs");
        }
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = in.readUnsignedShort();
            if (length > URL_BYTES_MAX) {
                throw new Malformed("a URL of " + length + " bytes");
            }
            urls.add(in.readString(length, StandardCharsets.UTF_8));
        }
        // A later version may say more.
        in.skipBytes(in.readableBytes());
        return new Hello(version, cluster, from, to, reads, urls);
    }
}
