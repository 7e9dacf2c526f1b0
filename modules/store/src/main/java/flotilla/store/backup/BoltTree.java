package flotilla.store.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bucket's B+ tree, built from pairs in order: a page is written when it is full, and the first
 * key of each goes to the level above. Holds one page of each level.
 */
final class BoltTree {
    private static final int BRANCH = 1;
    private static final int LEAF = 2;

    /** What marks a pair whose value is a bucket. */
    private static final int IS_BUCKET = 1;

    /** Most elements of a page: their number has 16 bits. */
    private static final int ELEMENTS_MAX = 0xffff;

    private final Level leaves;

    /** What stands on a page. */
    interface Element {
        /** Bytes of what is said of it at the page's beginning. */
        int HEADER = 16;

        byte[] key();

        /** All that it takes of a page. */
        int bytes();

        /**
         * @param distance from here to its bytes
         */
        void putHead(ByteBuffer page, int distance);

        void putData(ByteBuffer page);
    }

    private record Pair(int flags, byte[] key, byte[] value) implements Element {
        @Override
        public int bytes() {
            return HEADER + key.length + value.length;
        }

        @Override
        public void putHead(ByteBuffer page, int distance) {
            page.putInt(flags).putInt(distance).putInt(key.length).putInt(value.length);
        }

        @Override
        public void putData(ByteBuffer page) {
            page.put(key).put(value);
        }
    }

    private record Child(byte[] key, long number) implements Element {
        @Override
        public int bytes() {
            return HEADER + key.length;
        }

        @Override
        public void putHead(ByteBuffer page, int distance) {
            page.putInt(distance).putInt(key.length).putLong(number);
        }

        @Override
        public void putData(ByteBuffer page) {
            page.put(key);
        }
    }

    BoltTree(BoltPages pages) {
        leaves = new Level(pages, LEAF);
    }

    void put(byte[] key, byte[] value) {
        leaves.add(new Pair(0, key, value));
    }

    /**
     * @param root the page where the bucket's own tree begins
     */
    void putBucket(byte[] name, long root) {
        ByteBuffer value = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        leaves.add(new Pair(IS_BUCKET, name, value.putLong(root).array()));
    }

    /** Writes what is left; the page where the tree begins. */
    long end() {
        return leaves.end();
    }

    private static final class Level {
        private final BoltPages pages;
        private final int kind;
        private final List<Element> elements = new ArrayList<>();
        private int bytes = BoltPages.HEADER;

        /** There once a page of this one is written. */
        private @Nullable Level above;

        Level(BoltPages pages, int kind) {
            this.pages = pages;
            this.kind = kind;
        }

        void add(Element element) {
            boolean full =
                    bytes + element.bytes() > BoltPages.SIZE || elements.size() == ELEMENTS_MAX;
            if (full && !elements.isEmpty()) {
                if (above == null) {
                    above = new Level(pages, BRANCH);
                }
                writeBelow(above);
            }
            elements.add(element);
            bytes += element.bytes();
        }

        private void writeBelow(Level parent) {
            byte[] first = elements.getFirst().key();
            parent.add(new Child(first, pages.write(kind, elements)));
            elements.clear();
            bytes = BoltPages.HEADER;
        }

        long end() {
            if (above == null) {
                return pages.write(kind, elements);
            }
            writeBelow(above);
            return above.end();
        }
    }
}
