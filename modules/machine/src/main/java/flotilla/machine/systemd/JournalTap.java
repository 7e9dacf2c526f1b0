package flotilla.machine.systemd;

import flotilla.machine.JournalLine;
import flotilla.platform.Registration;
import flotilla.platform.process.Program;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one follower of the whole journal, while anybody reads of it: each {@code journalctl} costs
 * as much as this one. It is not trusted when it is silent: then the journal is asked for what
 * comes after the last line, and if there is anything the follower is begun anew from there.
 */
final class JournalTap implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JournalTap.class);

    /** After which a silent follower is not trusted. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(30);

    private final Reach reach;
    private final Duration silence;
    private final List<Consumer<JournalLine>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread;
    private volatile @Nullable Process process;
    private volatile String cursor = "";
    private volatile long heardNanos;

    JournalTap(Reach reach, Duration silence) {
        this.reach = reach;
        this.silence = silence;
    }

    /**
     * Every line that is logged after this call; more may come before. Listeners must be quick.
     *
     * @throws IOException when the journal can't be read
     */
    synchronized Registration subscribe(Consumer<JournalLine> listener) throws IOException {
        if (thread == null) {
            cursor = end();
            thread = Thread.ofVirtual().name("journal").start(this::run);
        }
        listeners.add(listener);
        return () -> leave(listener);
    }

    private synchronized void leave(Consumer<JournalLine> listener) {
        listeners.remove(listener);
        if (listeners.isEmpty()) {
            close();
        }
    }

    private List<String> command(String... more) {
        List<String> command = new ArrayList<>(List.of("journalctl", "--quiet", "--no-pager"));
        command.addAll(List.of("--output=json", "--output-fields=" + JournalEntry.FIELDS));
        command.addAll(List.of(more));
        return command;
    }

    /** The cursor of the last line; empty of an empty journal. */
    private String end() throws IOException {
        return cursor(reach.need(command("--lines=1"), COMMAND_LIMIT)).orElse("");
    }

    private static Optional<String> cursor(String line) {
        return line.isBlank() ? Optional.empty() : JournalEntry.cursor(line.strip());
    }

    private void run() {
        try {
            while (true) {
                try {
                    follow();
                    log.info("the follower of the journal has ended; beginning anew");
                } catch (IOException e) {
                    if (Thread.interrupted()) {
                        return;
                    }
                    log.warn("following the journal: {}; trying again", e.getMessage());
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() throws IOException, InterruptedException {
        String from = cursor;
        List<String> command =
                from.isEmpty()
                        ? command("--follow", "--lines=all")
                        : command("--follow", "--lines=all", "--after-cursor=" + from);
        Process its = reach.start(command);
        process = its;
        if (Thread.currentThread().isInterrupted()) {
            Program.end(its); // Closed before there was one to be ended.
        }
        heardNanos = System.nanoTime();
        Thread watch = Thread.ofVirtual().name("journal's watch").start(() -> watch(its));
        try (BufferedReader lines = its.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heardNanos = System.nanoTime();
                JournalEntry.cursor(line).ifPresent(last -> cursor = last);
                JournalEntry.parse(line)
                        .ifPresent(one -> listeners.forEach(listener -> listener.accept(one)));
            }
        } finally {
            watch.interrupt();
            Program.end(its);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("closed");
        }
    }

    /** Ends a follower that stands still. */
    private void watch(Process its) {
        try {
            while (!its.waitFor(silence.toMillis(), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - heardNanos >= silence.toNanos() && misses()) {
                    Program.end(its);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean misses() {
        String last = cursor;
        try {
            boolean more =
                    !last.isEmpty()
                            && !reach.need(
                                            command("--lines=1", "--after-cursor=" + last),
                                            COMMAND_LIMIT)
                                    .isBlank();
            return more && last.equals(cursor);
        } catch (IOException e) {
            log.warn("asking the journal whether there is more: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public synchronized void close() {
        Thread running = thread;
        Process its = process;
        thread = null;
        process = null;
        if (running != null) {
            running.interrupt();
        }
        if (its != null) {
            Program.end(its);
        }
    }
}
