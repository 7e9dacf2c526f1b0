package flotilla.machine.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a program's output, whatever bytes they are. A line without end is cut into pieces,
 * between two characters of UTF-8 where it is that.
 */
final class LineReader {
    /** Longer lines are cut, in bytes: journald's LineMax= by default. */
    static final int LINE_BYTES_MAX = 48 * 1024;

    /** What each reader has for a line without asking for more, in bytes. */
    private static final int LINE_BYTES_MIN = 1024;

    private static final int CHUNK_BYTES = 4096;

    /** The longest character of UTF-8, in bytes. */
    private static final int CHARACTER_BYTES_MAX = 4;

    private final ByteShare share;
    private final Listener listener;
    private byte[] line = new byte[LINE_BYTES_MIN];
    private int length;

    /** Gets each line; the array is the reader's own again when it returns. */
    @FunctionalInterface
    interface Listener {
        void line(byte[] bytes, int length);
    }

    private LineReader(ByteShare share, Listener listener) {
        this.share = share;
        this.listener = listener;
    }

    /**
     * Reads to the end.
     *
     * @param share for long lines; when it has none left they are cut sooner
     */
    static void each(InputStream in, ByteShare share, Listener listener) throws IOException {
        LineReader reader = new LineReader(share, listener);
        try {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
                reader.add(chunk, size);
            }
            if (reader.length > 0) {
                reader.tell(reader.length);
            }
        } finally {
            reader.shrink();
        }
    }

    private void add(byte[] chunk, int size) {
        int at = 0;
        while (at < size) {
            int end = at;
            while (end < size && chunk[end] != '\n') {
                end++;
            }
            append(chunk, at, end);
            if (end < size) {
                tell(length);
            }
            at = end + 1;
        }
    }

    private void append(byte[] chunk, int from, int to) {
        int at = from;
        while (at < to) {
            if (length == line.length && !grow()) {
                tell(boundary());
            }
            int part = Math.min(to - at, line.length - length);
            System.arraycopy(chunk, at, line, length, part);
            length += part;
            at += part;
        }
    }

    /** Where to cut a full line: not in the middle of a character. */
    private int boundary() {
        int start = length - 1;
        while (start > length - CHARACTER_BYTES_MAX && (line[start] & 0xC0) == 0x80) {
            start--;
        }
        int lead = line[start] & 0xFF;
        int bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        return start + bytes > length ? start : length;
    }

    private boolean grow() {
        int more = Math.min(line.length, LINE_BYTES_MAX - line.length);
        if (more <= 0 || !share.take(more)) {
            return false;
        }
        line = Arrays.copyOf(line, line.length + more);
        return true;
    }

    private void tell(int end) {
        listener.line(line, end);
        byte[] rest = Arrays.copyOfRange(line, end, length);
        shrink();
        System.arraycopy(rest, 0, line, 0, rest.length);
        length = rest.length;
    }

    private void shrink() {
        if (line.length > LINE_BYTES_MIN) {
            share.give(line.length - LINE_BYTES_MIN);
            line = new byte[LINE_BYTES_MIN];
        }
        length = 0;
    }
}
