package flotilla.machine.embedded;

import flotilla.machine.JournalLine;
import flotilla.platform.Registration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The logs of all units. Each has its last lines in memory and a file that outlives this process;
 * safe from any thread.
 */
final class Journal implements AutoCloseable {
    /** Files kept open and in memory; what is put away is read again when it is asked for. */
    private static final int FILES_MAX = 256;

    /** Lines a follower may lag behind before it loses some. */
    private static final int FOLLOWER_LINES_MAX = 4096;

    /** Longer lines are cut, in characters; journald's LineMax is 48 KiB. */
    static final int LINE_CHARACTERS_MAX = 48 * 1024;

    private final Path directory;

    /** By unit, the one that was asked for longest ago first. */
    private final Map<String, JournalFile> files = new LinkedHashMap<>(16, 0.75f, true);

    private final List<Follower> followers = new CopyOnWriteArrayList<>();

    Journal(Path directory) {
        this.directory = directory;
    }

    void log(String unit, String identifier, long pid, String message) {
        String cut =
                message.length() > LINE_CHARACTERS_MAX
                        ? message.substring(0, LINE_CHARACTERS_MAX)
                        : message;
        JournalLine line = new JournalLine(Instant.now(), unit, identifier, pid, cut);
        JournalFile file = file(unit);
        synchronized (file) {
            file.append(line);
            for (Follower follower : followers) {
                follower.offer(line);
            }
        }
    }

    /** Logs what a process writes, until it closes its end; on a thread of its own. */
    void collect(String unit, String identifier, long pid, InputStream output) {
        Thread.ofPlatform()
                .daemon()
                .name("log " + unit)
                .start(() -> {
                    try (BufferedReader lines =
                            new BufferedReader(
                                    new InputStreamReader(output, StandardCharsets.UTF_8))) {
                        LineReader.each(
                                lines,
                                LINE_CHARACTERS_MAX,
                                line -> log(unit, identifier, pid, line));
                    } catch (IOException e) {
                        note(unit, "reading the output of " + pid + ": " + e);
                    }
                });
    }

    /** What the init itself has to say of a unit. */
    void note(String unit, String message) {
        log(unit, "init", ProcessHandle.current().pid(), message);
    }

    List<JournalLine> last(String unit, int lines) {
        JournalFile file = file(unit);
        synchronized (file) {
            return file.last(lines);
        }
    }

    Registration follow(String unit, int lines, Consumer<JournalLine> listener) {
        Follower follower = new Follower(unit, listener);
        JournalFile file = file(unit);
        synchronized (file) {
            file.last(lines).forEach(follower::offer);
            followers.add(follower);
        }
        Thread thread = Thread.ofVirtual().name("follow " + unit).start(follower);
        return () -> {
            followers.remove(follower);
            thread.interrupt();
        };
    }

    private JournalFile file(String unit) {
        synchronized (files) {
            JournalFile file =
                    files.computeIfAbsent(
                            unit, name -> new JournalFile(name, directory.resolve(name + ".log")));
            if (files.size() > FILES_MAX) {
                Iterator<JournalFile> oldest = files.values().iterator();
                close(oldest.next());
                oldest.remove();
            }
            return file;
        }
    }

    @Override
    public void close() {
        synchronized (files) {
            files.values().forEach(Journal::close);
        }
    }

    private static void close(JournalFile file) {
        synchronized (file) {
            file.close();
        }
    }

    private static final class Follower implements Runnable {
        private final String unit;
        private final Consumer<JournalLine> listener;
        private final AtomicLong dropped = new AtomicLong();
        private final BlockingQueue<JournalLine> queue =
                new ArrayBlockingQueue<>(FOLLOWER_LINES_MAX);

        Follower(String unit, Consumer<JournalLine> listener) {
            this.unit = unit;
            this.listener = listener;
        }

        void offer(JournalLine line) {
            if (line.unit().equals(unit) && !queue.offer(line)) {
                dropped.incrementAndGet();
            }
        }

        @Override
        public void run() {
            try {
                while (true) {
                    listener.accept(queue.take());
                    long lost = dropped.getAndSet(0);
                    if (lost > 0) {
                        String told = lost + " lines were dropped: the reader is too slow";
                        listener.accept(new JournalLine(Instant.now(), unit, "init", 0, told));
                    }
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
