package flotilla.discovery;

import flotilla.discovery.token.Operation;
import flotilla.discovery.token.SavedToken;
import flotilla.discovery.token.TokenTree;
import flotilla.platform.disk.AtomicFile;
import flotilla.platform.disk.DamagedFile;
import flotilla.platform.disk.Disk;
import flotilla.platform.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens on disk: a file to which every operation is appended, one a line, with its time and a
 * checksum before it, and which is forced to the disk before {@link #append} returns. A process
 * killed in the middle leaves half a line at the end, and a power cut one with zeros in it: it was
 * never answered, and is cut off at the next start. Any other broken line is a damaged disk, and
 * refuses to start; so does a log that is gone or empty where the lock says that there was one. For
 * one thread at a time.
 */
final class TokenLog implements Closeable {
    /** Lines before a compaction is thought of. */
    private static final int COMPACT_MIN_LINES = 10_000;

    /** A compaction pays when the log has so many times the lines of what lives. */
    private static final int COMPACT_FACTOR = 4;

    private static final int CHECKSUM_CHARS = 8;
    private static final Logger log = LoggerFactory.getLogger(TokenLog.class);

    private final Path file;
    private final FileChannel lock;
    private FileChannel channel;
    private long lines;

    private TokenLog(Path file, FileChannel channel, FileChannel lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /** Opens the log of a directory, made when missing, and replays it into the tree. */
    static TokenLog open(Path directory, TokenTree tree) throws IOException {
        Files.createDirectories(directory);
        FileChannel lock = lock(directory);
        TokenLog opened = null;
        boolean replayed = false;
        try {
            Path file = directory.resolve("tokens.log");
            beginOrRefuse(file, lock);
            opened = new TokenLog(file, openForAppend(file), lock);
            opened.replay(tree);
            Disk.sync(directory);
            replayed = true;
            return opened;
        } finally {
            if (!replayed) {
                (opened == null ? lock : opened).close();
            }
        }
    }

    /**
     * A new log begins with a line, and then the lock's file says that there is one: whoever has no
     * log, or an empty one, beside such a lock has lost it.
     */
    private static void beginOrRefuse(Path file, FileChannel lock) throws IOException {
        boolean lost = !Files.exists(file) || Files.size(file) == 0;
        if (lost && lock.size() > 0) {
            throw new DamagedFile(
                    file,
                    Files.exists(file) ? "it is empty" : "it is gone",
                    "put it back from a copy, or delete %s to start without tokens"
                            .formatted(file.resolveSibling("lock")));
        }
        if (lost) {
            AtomicFile.at(file).replace(line(LogRecord.ofIndex(0)));
        }
        if (lock.size() == 0) {
            Disk.write(lock, "there is a log\n".getBytes(StandardCharsets.US_ASCII));
            lock.force(true);
        }
    }

    /** One server at a time: each writes where it thinks that the log ends. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        directory.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        boolean held = false;
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            held = false; // By this very process.
        } finally {
            if (!held) {
                channel.close();
            }
        }
        if (!held) {
            throw new IOException(
                    directory
                            + " is in use by another discovery service: stop it, or choose another");
        }
        return channel;
    }

    private static FileChannel openForAppend(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
    }

    private void replay(TokenTree tree) throws IOException {
        byte[] all = Files.readAllBytes(file);
        LogRecord.Replay into = new LogRecord.Replay(tree);
        int whole = 0;
        while (whole < all.length) {
            int end = lineEnd(all, whole);
            if (end < 0 || !sound(all, whole, end)) {
                break;
            }
            String json =
                    new String(
                            all,
                            whole + CHECKSUM_CHARS + 1,
                            end - whole - CHECKSUM_CHARS - 1,
                            StandardCharsets.UTF_8);
            into.add(Json.read(json, LogRecord.class));
            whole = end + 1;
            lines++;
        }
        into.end();
        if (whole < all.length) {
            cut(all, whole);
        }
        channel.position(whole);
    }

    private void cut(byte[] all, int whole) throws IOException {
        if (!isTorn(all, whole)) {
            throw new DamagedFile(
                    file,
                    "at byte " + whole,
                    "put it back from a copy; or cut it off there (truncate -s %d) and have the members of the tokens in what is lost form their clusters anew"
                            .formatted(whole));
        }
        log.warn("{}: cut an unfinished record of {} bytes", file, all.length - whole);
        channel.truncate(whole);
        channel.force(true);
    }

    /** Whether the rest is a line that never came to its end, or partly not to the disk. */
    private static boolean isTorn(byte[] all, int from) {
        int end = lineEnd(all, from);
        boolean halfWritten = end < 0 && !sound(all, from, all.length - 1);
        for (int at = from; at + 1 < all.length && !halfWritten; at++) {
            halfWritten = all[at] == 0 && all[at + 1] == 0; // One alone may be a turned bit.
        }
        return halfWritten && (end < 0 || end == all.length - 1);
    }

    private static int lineEnd(byte[] all, int from) {
        for (int at = from; at < all.length; at++) {
            if (all[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static boolean sound(byte[] all, int from, int end) {
        int json = from + CHECKSUM_CHARS + 1;
        if (end < json || all[json - 1] != ' ') {
            return false;
        }
        String stored = new String(all, from, CHECKSUM_CHARS, StandardCharsets.US_ASCII);
        return stored.equals(checksum(all, json, end - json));
    }

    private static String checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return "%08x".formatted(crc.getValue());
    }

    /**
     * Returns when the operation is on the disk. After an {@link IOException} it may or may not be,
     * and the log must not be used again.
     */
    void append(Operation operation, long nowMillis) throws IOException {
        Disk.write(channel, line(LogRecord.of(operation, nowMillis)));
        channel.force(false);
        lines++;
    }

    /** What a failure to write means, and what helps. */
    String explain(Exception failure) {
        String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        return "%s can't be written (%s): make room or mend its disk, then start the discovery service again; only then is known whether the last change was kept"
                .formatted(file, why);
    }

    private static byte[] line(LogRecord entry) {
        byte[] json = Json.write(entry).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream line = new ByteArrayOutputStream(json.length + CHECKSUM_CHARS + 2);
        line.writeBytes(checksum(json, 0, json.length).getBytes(StandardCharsets.US_ASCII));
        line.write(' ');
        line.writeBytes(json);
        line.write('\n');
        return line.toByteArray();
    }

    /** Writes the tree in place of its history when that has become the most of the file. */
    void compactIfWorth(TokenTree tree) throws IOException {
        long living = 1L + tree.tokens().size();
        if (lines < COMPACT_MIN_LINES || lines < living * COMPACT_FACTOR) {
            return;
        }
        compact(tree);
    }

    void compact(TokenTree tree) throws IOException {
        List<LogRecord> records = new ArrayList<>();
        records.add(LogRecord.ofIndex(tree.index()));
        tree.tokens().forEach(token -> records.add(LogRecord.ofSaved(SavedToken.of(token))));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        records.forEach(each -> whole.writeBytes(line(each)));
        AtomicFile.at(file).replace(whole.toByteArray());
        channel.close(); // Of the old file, which has no name any more.
        channel = openForAppend(file);
        channel.position(channel.size());
        lines = records.size();
        log.info("{} compacted to {} records", file, records.size());
    }

    /** Whether the disk still takes what is forced on it. */
    void check() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        lock.close();
    }
}
