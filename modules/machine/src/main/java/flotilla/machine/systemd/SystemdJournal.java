package flotilla.machine.systemd;

import flotilla.machine.Journal;
import flotilla.machine.JournalLine;
import flotilla.platform.Registration;
import flotilla.units.UnitName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * journald, read by {@code journalctl} (journalctl(1)); needs root, or the group systemd-journal.
 */
public final class SystemdJournal implements Journal, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SystemdJournal.class);

    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    /** Lines that a reader may lag behind. */
    private static final int LAG_LINES_MAX = 4096;

    /** Lines after a cursor that are read before the new ones: more than that are left out. */
    private static final int AFTER_LINES_MAX = 100_000;

    private final Reach reach;
    private final JournalTap tap;

    public SystemdJournal(Reach reach) {
        this.reach = reach;
        this.tap = new JournalTap(reach, JournalTap.SILENCE);
    }

    @Override
    public List<JournalLine> last(String unit, int lines) throws IOException {
        return read(unit, "--lines=" + Math.max(0, lines));
    }

    private List<JournalLine> read(String unit, String... which) throws IOException {
        if (UnitName.problem(unit).isPresent()) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of("journalctl", "--quiet", "--no-pager"));
        command.addAll(List.of("--output=json", "--output-fields=" + JournalEntry.FIELDS));
        command.add("--unit=" + unit);
        command.addAll(List.of(which));
        return reach.need(command, COMMAND_LIMIT)
                .lines()
                .map(JournalEntry::parse)
                .flatMap(Optional::stream)
                .filter(line -> line.unit().equals(unit))
                .toList();
    }

    @Override
    public Registration follow(String unit, From from, Consumer<JournalLine> listener)
            throws IOException {
        Reader reader = new Reader(unit, listener);
        Registration following = tap.subscribe(reader::offer);
        try {
            List<JournalLine> first =
                    switch (from) {
                        case From.Last(int lines) -> last(unit, lines);
                        case From.After(String cursor) ->
                                read(
                                        unit,
                                        "--lines=" + AFTER_LINES_MAX,
                                        "--after-cursor=" + cursor);
                    };
            Thread thread =
                    Thread.ofVirtual().name("follow " + unit).start(() -> reader.run(first));
            return () -> {
                following.close();
                thread.interrupt();
            };
        } catch (IOException | RuntimeException e) {
            following.close();
            throw e;
        }
    }

    /** Ends all followers. */
    @Override
    public void close() {
        tap.close();
    }

    /** Who reads one unit's lines; what it is too slow for it loses, and is told so. */
    private static final class Reader {
        private final String unit;
        private final Consumer<JournalLine> listener;
        private final BlockingQueue<JournalLine> queue = new LinkedBlockingQueue<>(LAG_LINES_MAX);
        private final AtomicLong dropped = new AtomicLong();

        Reader(String unit, Consumer<JournalLine> listener) {
            this.unit = unit;
            this.listener = listener;
        }

        void offer(JournalLine line) {
            if (line.unit().equals(unit) && !queue.offer(line)) {
                dropped.incrementAndGet();
            }
        }

        /**
         * @param first which the follower may say again
         */
        void run(List<JournalLine> first) {
            Set<String> said = new HashSet<>();
            try {
                for (JournalLine line : first) {
                    said.add(line.cursor());
                    listener.accept(line);
                }
                while (true) {
                    JournalLine line = queue.take();
                    if (!said.remove(line.cursor())) {
                        listener.accept(line);
                    }
                    long lost = dropped.getAndSet(0);
                    if (lost > 0) {
                        String told = lost + " lines were dropped: the reader is too slow";
                        listener.accept(new JournalLine(Instant.now(), unit, "init", 0, told));
                    }
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("a reader of {}'s journal failed; it is told nothing more", unit, e);
            }
        }
    }
}
