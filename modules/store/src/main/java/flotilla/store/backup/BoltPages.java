package flotilla.store.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The pages of a bbolt file, numbered in the order in which they are written. */
final class BoltPages {
    /** Bytes of a page; the meta pages say it, so any system reads it. */
    static final int SIZE = 4096;

    /** What a page says of itself: number, kind, how many elements, how many pages follow it. */
    static final int HEADER = 16;

    private final BoltFile.Sink sink;
    private long next;

    BoltPages(BoltFile.Sink sink, long first) {
        this.sink = sink;
        this.next = first;
    }

    /** How many there are, those before the first included. */
    long next() {
        return next;
    }

    /**
     * Writes one page, or several in a row where the elements need them.
     *
     * @param kind bbolt's page flag
     * @return its number
     */
    long write(int kind, List<? extends BoltTree.Element> elements) {
        int length = HEADER + elements.stream().mapToInt(BoltTree.Element::bytes).sum();
        int pages = Math.ceilDiv(length, SIZE);
        ByteBuffer page = ByteBuffer.allocate(pages * SIZE).order(ByteOrder.LITTLE_ENDIAN);
        long number = next;
        page.putLong(number).putShort((short) kind).putShort((short) elements.size());
        page.putInt(pages - 1);
        int data = HEADER + elements.size() * BoltTree.Element.HEADER;
        for (BoltTree.Element element : elements) {
            // Where its bytes are is said as seen from where it stands.
            element.putHead(page, data - page.position());
            element.putData(page.duplicate().position(data));
            data += element.bytes() - BoltTree.Element.HEADER;
        }
        next += pages;
        sink.write(page.array());
        return number;
    }
}
