package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last lines of a unit, read from the end of its files, the newest file first: as many as are
 * wanted, or as fit into so many bytes. What is no line of a journal is passed over.
 */
final class JournalTail {
    /** Read at first; twice as much each time that it holds too few lines. */
    private static final long BYTES_FIRST = 16 << 10;

    private final String unit;
    private final int count;
    private final Deque<JournalLine> lines = new ArrayDeque<>();
    private long bytesLeft;
    private boolean cut;

    JournalTail(String unit, int count, long bytesMax) {
        this.unit = unit;
        this.count = Math.max(0, count);
        this.bytesLeft = bytesMax;
    }

    /** Oldest first. */
    Deque<JournalLine> lines() {
        return lines;
    }

    /** Whether there is an older line that was wanted and has no room. */
    boolean isCut() {
        return cut;
    }

    /** Puts the last lines of an older file before those read so far. */
    void read(Path file) throws IOException {
        if (cut || lines.size() >= count || !Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException("it is no file: move it away");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long readable = Math.min(size, bytesLeft);
            byte[] bytes = new byte[0];
            for (long want = BYTES_FIRST; bytes.length < readable; want *= 2) {
                bytes = end(channel, size, Math.min(want, readable));
                if (newlines(bytes) > count - lines.size()) {
                    break;
                }
            }
            prepend(bytes, bytes.length < size);
            cut = lines.size() < count && readable < size;
        }
    }

    private static byte[] end(FileChannel channel, long size, long wanted) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(wanted));
        long from = size - wanted;
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return buffer.array();
    }

    private static int newlines(byte[] bytes) {
        int newlines = 0;
        for (byte each : bytes) {
            newlines += each == '\n' ? 1 : 0;
        }
        return newlines;
    }

    /**
     * @param torn whether the first line may have begun before the bytes
     */
    private void prepend(byte[] bytes, boolean torn) {
        int end = bytes.length;
        while (end > 0 && lines.size() < count) {
            int start = end;
            while (start > 0 && bytes[start - 1] != '\n') {
                start--;
            }
            if (start == 0 && torn) {
                return;
            }
            String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            JournalFormat.parse(unit, text).ifPresent(lines::addFirst);
            bytesLeft -= end - start + 1;
            end = start - 1;
        }
    }
}
