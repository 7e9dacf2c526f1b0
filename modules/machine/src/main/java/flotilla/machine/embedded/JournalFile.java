package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import flotilla.platform.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One unit's log. A full file becomes {@code .log.1} in place of the one before. Memory holds only
 * what the disk does not take, and not much of that. Not thread-safe.
 */
final class JournalFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

    /** A file is rotated at this size; so a unit takes up twice as much at most. */
    static final long FILE_BYTES_MAX = 4L << 20;

    /** The last lines kept while the file can't be written, in characters. */
    private static final int UNWRITTEN_CHARACTERS_MAX = 16 << 10;

    /** How soon a file that could not be written is tried again. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final String unit;
    private final Path path;
    private final JournalSpace space;
    private final Deque<JournalLine> unwritten = new ArrayDeque<>();
    private int unwrittenCharacters;
    private long lost;
    private @Nullable FileChannel channel;
    private long bytes;
    private @Nullable Instant retryAt;
    private boolean closed;

    JournalFile(String unit, Path directory, JournalSpace space) {
        this.unit = unit;
        this.path = directory.resolve(unit + ".log");
        this.space = space;
    }

    /**
     * The last lines, oldest first; when an older one that was wanted does not fit, the first one
     * says so.
     */
    List<JournalLine> last(int count, long bytesMax) {
        JournalTail tail = new JournalTail(unit, count - unwritten.size(), bytesMax);
        for (Path file : List.of(path, rotated())) {
            try {
                tail.read(file);
            } catch (IOException e) {
                LOG.warn("reading the journal {}: {}; its lines are not shown", file, e.toString());
            }
        }
        List<JournalLine> lines = new ArrayList<>(tail.lines());
        if (tail.isCut()) {
            Instant time = lines.isEmpty() ? Instant.EPOCH : lines.getFirst().time();
            String words = "older lines are left out: an answer holds " + bytesMax + " bytes";
            lines.addFirst(new JournalLine(time, unit, "init", 0, words));
        }
        lines.addAll(unwritten);
        return count <= 0
                ? List.of()
                : List.copyOf(lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** A file that can't be written is no error here: the last lines stay in memory. */
    void append(JournalLine line) {
        keep(line);
        if (retryAt != null && line.time().isBefore(retryAt)) {
            return;
        }
        try {
            FileChannel open = open();
            if (lost > 0) {
                String words = lost + " lines were lost: the journal could not be written";
                write(open, new JournalLine(line.time(), unit, "init", 0, words));
                lost = 0;
            }
            while (!unwritten.isEmpty()) {
                write(open, unwritten.getFirst());
                unwrittenCharacters -= unwritten.removeFirst().message().length();
            }
            retryAt = null;
            if (bytes >= FILE_BYTES_MAX) {
                release();
                Files.move(path, rotated(), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException | RuntimeException e) {
            release();
            if (retryAt == null) {
                LOG.warn(
                        "writing the journal {}: {}; its last lines stay in memory only, and it is"
                                + " tried again. Make room on the disk, or move away what is in its"
                                + " place",
                        path,
                        e.toString());
            }
            retryAt = line.time().plus(RETRY_AFTER);
        }
    }

    private void keep(JournalLine line) {
        unwritten.addLast(line);
        unwrittenCharacters += line.message().length();
        while (unwrittenCharacters > UNWRITTEN_CHARACTERS_MAX && unwritten.size() > 1) {
            unwrittenCharacters -= unwritten.removeFirst().message().length();
            lost++;
        }
    }

    private void write(FileChannel open, JournalLine line) throws IOException {
        byte[] text = JournalFormat.format(line).getBytes(StandardCharsets.UTF_8);
        Disk.write(open, text);
        bytes += text.length;
        space.used(text.length);
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open != null) {
            return open;
        }
        boolean made = !Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        if (!made && !Files.isRegularFile(path)) {
            // A pipe, say: to open it could take for ever.
            throw new IOException("it is no file");
        }
        Files.createDirectories(path.getParent());
        boolean torn = !made && isTorn();
        open =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND);
        channel = open;
        if (made) {
            space.fileMade();
        }
        bytes = open.size();
        if (torn) {
            Disk.write(open, new byte[] {'\n'});
        }
        return open;
    }

    /** Whether its last line was not written to its end: the disk was full, or a crash. */
    private boolean isTorn() throws IOException {
        try (FileChannel written = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            long size = written.size();
            return size > 0 && written.read(last, size - 1) == 1 && last.get(0) != '\n';
        }
    }

    private Path rotated() {
        return path.resolveSibling(path.getFileName() + ".1");
    }

    /** Closes the file; the next line opens it again. */
    void release() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("closing the journal {}: {}", path, e.toString());
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** For good: whoever has a line for the unit takes another one of these. */
    @Override
    public void close() {
        closed = true;
        release();
    }
}
