package flotilla.machine.embedded;

import flotilla.machine.Journal;
import flotilla.machine.JournalLine;
import flotilla.platform.Registration;
import flotilla.units.UnitName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of all units, in files that outlive this process; safe from any thread. Memory holds
 * lines on their way only: those being read from a program, those a follower has not got yet, and
 * those the disk does not take. All have their limits in bytes, so that no unit's output can harm
 * the machine: beyond them lines are cut or dropped, which the log says, or the program waits.
 */
final class JournalFiles implements Journal, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFiles.class);

    /** Files kept open. */
    private static final int FILES_MAX = 256;

    /** Programs whose lines are written, and answers that are read, at the same moment. */
    private static final int AT_ONCE = 2;

    /** The part of the memory that one answer may take up. */
    private static final int ANSWERS = 8;

    private final Path directory;
    private final JournalSpace space;
    private final ByteShare share;
    private final long answerBytesMax;

    /** By unit, the one that was asked for longest ago first. */
    private final Map<String, JournalFile> files = new LinkedHashMap<>(16, 0.75f, true);

    private final List<Follower> followers = new CopyOnWriteArrayList<>();
    private final Semaphore turns = new Semaphore(AT_ONCE);
    private final ReentrantLock vacuuming = new ReentrantLock();

    /**
     * @param memoryBytesMax what all journals may take up of the heap
     */
    JournalFiles(Path directory, long memoryBytesMax, long diskBytesMax) {
        this.directory = directory;
        this.space = new JournalSpace(directory, diskBytesMax);
        this.share = new ByteShare(memoryBytesMax / 2);
        this.answerBytesMax = memoryBytesMax / ANSWERS;
    }

    void log(String unit, String identifier, long pid, String message) {
        String cut =
                message.length() > LineReader.LINE_BYTES_MAX
                        ? message.substring(0, LineReader.LINE_BYTES_MAX)
                        : message;
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        JournalLine line = JournalFormat.marked(new JournalLine(now, unit, identifier, pid, cut));
        with(
                unit,
                file -> {
                    file.append(line);
                    followers.forEach(follower -> follower.offer(line));
                    return line;
                });
        if (space.isOver()) {
            vacuum();
        }
    }

    /** Logs what a process writes, until it closes its end; on a thread of its own. */
    void collect(String unit, String identifier, long pid, InputStream output) {
        ProcessOutput lines =
                new ProcessOutput(this, turns, new ProcessOutput.Source(unit, identifier, pid));
        Thread.ofPlatform()
                .daemon()
                .name("log " + unit)
                .start(() -> {
                    try (output) {
                        LineReader.each(output, share, lines);
                        lines.end();
                    } catch (IOException | RuntimeException e) {
                        note(unit, "reading the output of " + pid + ": " + e);
                    }
                });
    }

    /** What the init itself has to say of a unit. */
    void note(String unit, String message) {
        log(unit, "init", ProcessHandle.current().pid(), message);
    }

    /** The last lines, or as many as fit into an answer: then the first one says so. */
    @Override
    public List<JournalLine> last(String unit, int lines) {
        if (UnitName.problem(unit).isPresent()) {
            return List.of();
        }
        turns.acquireUninterruptibly();
        try {
            return with(unit, file -> file.last(lines, answerBytesMax));
        } finally {
            turns.release();
        }
    }

    @Override
    public Registration follow(String unit, From from, Consumer<JournalLine> listener)
            throws IOException {
        if (UnitName.problem(unit).isPresent()) {
            return () -> {};
        }
        Optional<Follower> begun = with(unit, file -> begin(unit, file, from, listener));
        Follower follower =
                begun.orElseThrow(() ->
                        new IOException(
                                "the journal of %s no longer has the line of cursor %s: read it from its end"
                                        .formatted(unit, from)));
        Thread thread =
                Thread.ofVirtual()
                        .name("follow " + unit)
                        .start(() -> {
                            try {
                                follower.run();
                            } finally {
                                followers.remove(follower);
                            }
                        });
        return () -> {
            followers.remove(follower);
            follower.close();
            thread.interrupt();
        };
    }

    /** Empty when the journal has not what the reader begins after. */
    private Optional<Follower> begin(
            String unit, JournalFile file, From from, Consumer<JournalLine> listener) {
        Optional<List<JournalLine>> first =
                switch (from) {
                    case From.Last(int lines) -> Optional.of(file.last(lines, answerBytesMax));
                    case From.After(String cursor) ->
                            after(cursor, file.last(Integer.MAX_VALUE, answerBytesMax));
                };
        return first.map(lines -> {
            Follower made = new Follower(unit, lines, listener, share);
            followers.add(made);
            return made;
        });
    }

    private static Optional<List<JournalLine>> after(String cursor, List<JournalLine> lines) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (lines.get(i).cursor().equals(cursor)) {
                return Optional.of(lines.subList(i + 1, lines.size()));
            }
        }
        return Optional.empty();
    }

    /** Does something with a unit's file, which nobody else has meanwhile. */
    private <T> T with(String unit, Function<JournalFile, T> work) {
        while (true) {
            JournalFile file = file(unit);
            synchronized (file) {
                if (!file.isClosed()) {
                    return work.apply(file);
                }
            }
        }
    }

    private JournalFile file(String unit) {
        JournalFile file;
        List<JournalFile> idle = new ArrayList<>();
        synchronized (files) {
            file = files.computeIfAbsent(unit, name -> new JournalFile(name, directory, space));
            Iterator<JournalFile> oldest = files.values().iterator();
            while (files.size() > FILES_MAX) {
                idle.add(oldest.next());
                oldest.remove();
            }
        }
        idle.forEach(JournalFiles::close);
        return file;
    }

    /** Deletes the oldest files, so that there is room for what comes. */
    private void vacuum() {
        if (!vacuuming.tryLock()) {
            return;
        }
        try {
            List<Path> surplus = space.surplus();
            surplus.forEach(this::delete);
            LOG.info("deleted {} old files of journals in {}", surplus.size(), directory);
        } finally {
            vacuuming.unlock();
        }
    }

    private void delete(Path path) {
        String unit = path.getFileName().toString().replaceFirst("\\.log(\\.1)?$", "");
        JournalFile open;
        synchronized (files) {
            open = files.get(unit);
        }
        try {
            if (open == null) {
                Files.deleteIfExists(path);
                return;
            }
            synchronized (open) {
                open.release();
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.warn("deleting the old journal {}: {}; delete it by hand", path, e.toString());
        }
    }

    /** What is taken up of the memory just now, in bytes. */
    long bytesHeld() {
        return share.taken();
    }

    @Override
    public void close() {
        List<JournalFile> open;
        synchronized (files) {
            open = List.copyOf(files.values());
            files.clear();
        }
        open.forEach(JournalFiles::close);
    }

    private static void close(JournalFile file) {
        synchronized (file) {
            file.close();
        }
    }
}
