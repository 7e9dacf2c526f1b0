package flotilla.store.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * A database file of bbolt (go.etcd.io/bbolt, format 2), written from front to back: two meta pages
 * that say where the tree begins, then each bucket's tree from its leaves up, the tree of the
 * buckets, and an empty list of free pages. As the meta pages come first and say what comes of all
 * that follows, the pairs are gone through twice. Never holds more than a page of each level of a
 * tree.
 */
public final class BoltFile {
    private static final int META = 4;
    private static final int FREE_LIST = 0x10;
    private static final int META_PAGES = 2;
    private static final int MAGIC = 0xED0CDAED;
    private static final int FORMAT = 2;

    private final List<Bucket> buckets;

    /** Where bytes go, in order. Whatever it throws ends the writing. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes);
    }

    /** Takes the pairs of a bucket. */
    @FunctionalInterface
    public interface Writer {
        /**
         * @param key greater than the one before, its bytes taken as unsigned; not empty
         */
        void put(byte[] key, byte[] value);
    }

    /** What a bucket holds: the same pairs each time. */
    @FunctionalInterface
    public interface Pairs {
        Pairs NONE = _ -> {};

        void giveTo(Writer writer);
    }

    public record Bucket(String name, Pairs pairs) {}

    /**
     * What the meta pages say.
     *
     * @param root the page where the tree of the buckets begins
     * @param freeList the page of the free pages
     * @param pages how many there are in all
     */
    private record Layout(long root, long freeList, long pages) {}

    public BoltFile(List<Bucket> buckets) {
        this.buckets = buckets.stream().sorted(Comparator.comparing(Bucket::name)).toList();
    }

    /**
     * Writes it.
     *
     * @param length is told how long it will be, in bytes, before the first of them
     */
    public void writeTo(Sink sink, LongConsumer length) {
        Layout layout = layOut(_ -> {});
        length.accept(layout.pages() * BoltPages.SIZE);
        for (int page = 0; page < META_PAGES; page++) {
            sink.write(meta(page, layout));
        }
        Layout written = layOut(sink);
        if (!written.equals(layout)) {
            throw new IllegalStateException(
                    "the pairs were others the second time: %s, then %s"
                            .formatted(layout, written));
        }
    }

    private Layout layOut(Sink sink) {
        BoltPages pages = new BoltPages(sink, META_PAGES);
        BoltTree root = new BoltTree(pages);
        for (Bucket bucket : buckets) {
            BoltTree tree = new BoltTree(pages);
            bucket.pairs().giveTo(tree::put);
            root.putBucket(bucket.name().getBytes(StandardCharsets.US_ASCII), tree.end());
        }
        long rootPage = root.end();
        long freeList = pages.write(FREE_LIST, List.of());
        return new Layout(rootPage, freeList, pages.next());
    }

    private static byte[] meta(int page, Layout layout) {
        ByteBuffer bytes = ByteBuffer.allocate(BoltPages.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(page).putShort((short) META).putShort((short) 0).putInt(0);
        int begin = bytes.position();
        bytes.putInt(MAGIC).putInt(FORMAT).putInt(BoltPages.SIZE).putInt(0);
        bytes.putLong(layout.root()).putLong(0); // The root bucket, and its sequence.
        bytes.putLong(layout.freeList()).putLong(layout.pages());
        bytes.putLong(page); // The transaction that wrote it; the later one counts.
        bytes.putLong(fnv1a(bytes.array(), begin, bytes.position()));
        return bytes.array();
    }

    /** FNV-1a of 64 bits, which guards the meta pages. */
    private static long fnv1a(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ (bytes[i] & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
