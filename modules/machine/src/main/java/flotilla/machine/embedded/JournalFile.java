package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One unit's log: {@code MICROSECONDS PID IDENTIFIER MESSAGE} a line, backslash and line ends
 * escaped. A full file becomes {@code .log.1} in place of the one before. Not thread-safe.
 */
final class JournalFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

    /** Lines kept in memory, and so the most that can be asked for. */
    private static final int LINES_MAX = 2000;

    /** A file is rotated at this size; so a unit takes up twice as much at most. */
    private static final long FILE_BYTES_MAX = 4L << 20;

    private final String unit;
    private final Path path;
    private final Deque<JournalLine> lines = new ArrayDeque<>();
    private @Nullable BufferedWriter writer;
    private long bytes;
    private boolean broken;

    JournalFile(String unit, Path path) {
        this.unit = unit;
        this.path = path;
        load(path.resolveSibling(path.getFileName() + ".1"));
        load(path);
    }

    List<JournalLine> last(int count) {
        List<JournalLine> all = new ArrayList<>(lines);
        return List.copyOf(all.subList(Math.max(0, all.size() - Math.max(0, count)), all.size()));
    }

    /** A file that can't be written costs its durability only: the line stays in memory. */
    void append(JournalLine line) {
        remember(line);
        if (broken) {
            return;
        }
        try {
            BufferedWriter open = writer();
            String text = format(line);
            open.write(text);
            open.flush();
            bytes += text.length();
            if (bytes >= FILE_BYTES_MAX) {
                close();
                Files.move(
                        path,
                        path.resolveSibling(path.getFileName() + ".1"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            broken = true;
            LOG.warn(
                    "writing the journal {}: {}; its lines stay in memory only",
                    path,
                    e.toString());
        }
    }

    private BufferedWriter writer() throws IOException {
        if (writer == null) {
            Files.createDirectories(path.getParent());
            bytes = Files.exists(path) ? Files.size(path) : 0;
            writer =
                    Files.newBufferedWriter(
                            path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        return writer;
    }

    private void remember(JournalLine line) {
        lines.addLast(line);
        if (lines.size() > LINES_MAX) {
            lines.removeFirst();
        }
    }

    private void load(Path file) {
        try {
            text(file).lines().forEach(line -> parse(line).ifPresent(this::remember));
        } catch (IOException e) {
            LOG.warn("reading the journal {}: {}; older lines are not shown", file, e.toString());
        }
    }

    /** Empty for a unit that has not logged yet. A torn character is no reason to fail. */
    private static String text(Path file) throws IOException {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    private static String format(JournalLine line) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, line.time());
        String message =
                line.message().replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
        String identifier = line.identifier().replaceAll("\\s", "_");
        return micros + " " + line.pid() + " " + identifier + " " + message + "\n";
    }

    /** Empty for a line that was torn by a crash. */
    private Optional<JournalLine> parse(String text) {
        String[] parts = text.split(" ", 4);
        if (parts.length < 4
                || !parts[0].matches("[0-9]{1,18}")
                || !parts[1].matches("[0-9]{1,10}")) {
            return Optional.empty();
        }
        long micros = Long.parseLong(parts[0]);
        Instant time = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
        StringBuilder message = new StringBuilder();
        String escaped = parts[3];
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 1 < escaped.length()) {
                char next = escaped.charAt(++i);
                message.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
            } else {
                message.append(c);
            }
        }
        return Optional.of(
                new JournalLine(
                        time, unit, parts[2], Long.parseLong(parts[1]), message.toString()));
    }

    @Override
    public void close() {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                LOG.warn("closing the journal {}: {}", path, e.toString());
            }
            writer = null;
        }
    }
}
