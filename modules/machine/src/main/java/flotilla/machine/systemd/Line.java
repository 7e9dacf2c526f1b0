package flotilla.machine.systemd;

import flotilla.machine.Init.JobResult;
import flotilla.machine.systemd.bus.Bus;
import flotilla.machine.systemd.ledger.Effect;
import flotilla.machine.systemd.ledger.Ledger;
import flotilla.machine.systemd.ledger.Row;
import flotilla.machine.systemd.ledger.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line to systemd, kept up: connects anew when the bus was lost, asks for all units then, and
 * keeps the {@link Ledger} of what was said. One thread does that; what comes of the signals is
 * carried out on theirs.
 */
final class Line implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Line.class);

    /** Between attempts to connect. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    /** After which all are listed once more, for a job that the list before did not show. */
    private static final Duration DOUBT = Duration.ofSeconds(1);

    private final Path socket;
    private final Consumer<Set<String>> changed;
    private final Ledger ledger = new Ledger();
    private final Map<Long, CompletableFuture<JobResult>> jobs = new HashMap<>();
    private final Thread thread = Thread.ofVirtual().name("systemd's line").unstarted(this::run);
    private final Object listing = new Object();
    private @Nullable Bus bus;
    private boolean wantsList;
    private boolean doubts;
    private boolean closed;
    private String complaint = "";
    private long orders;

    /** A job that was ordered, and what is heard of its end. */
    record Ordered(long order, CompletableFuture<JobResult> result) {}

    Line(Path socket, Consumer<Set<String>> changed) {
        this.socket = socket;
        this.changed = changed;
    }

    /**
     * Connects, and stays connected from then on.
     *
     * @throws IOException when there is no systemd to connect to
     */
    void open() throws IOException {
        try {
            connect();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        thread.start();
    }

    /**
     * @throws IOException when there is none just now
     */
    synchronized Bus bus() throws IOException {
        Bus now = bus;
        if (now == null) {
            throw new IOException("systemd's bus at " + socket + " is away; connecting anew");
        }
        return now;
    }

    private void connect() throws IOException {
        AtomicBoolean lost = new AtomicBoolean();
        Bus made = Bus.connect(socket, this::hear, () -> lost(lost));
        synchronized (this) {
            if (closed || lost.get()) {
                made.close();
                throw new IOException("the connection to systemd has ended already");
            }
            bus = made;
        }
        list();
    }

    private void lost(AtomicBoolean once) {
        if (!once.compareAndSet(false, true)) {
            return; // It ends once, and the next one may be there already.
        }
        Bus ended;
        synchronized (this) {
            ended = bus;
            bus = null;
            notifyAll();
        }
        if (ended != null) {
            log.warn("systemd's bus at {} is lost; connecting anew", socket);
            hear(new Signal.Lost());
            unknown();
            Thread.ofVirtual().start(ended::close);
        }
    }

    /** Also those whose replies had not come. */
    private void unknown() {
        List<CompletableFuture<JobResult>> all;
        synchronized (this) {
            all = List.copyOf(jobs.values());
            jobs.clear();
        }
        all.forEach(job -> job.completeAsync(() -> JobResult.UNKNOWN));
    }

    private void run() {
        try {
            while (true) {
                boolean connects = await();
                try {
                    if (connects) {
                        connect();
                        log.info("systemd's bus is there again");
                    } else {
                        list();
                    }
                    complaint = "";
                } catch (IOException | RuntimeException e) {
                    if (!complaint.equals(e.getMessage())) {
                        complaint = String.valueOf(e.getMessage());
                        log.warn("{}; trying again", complaint);
                    }
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it is to connect; else it is to list. */
    private synchronized boolean await() throws InterruptedException {
        while (bus != null && !wantsList) {
            if (doubts) {
                wait(DOUBT.toMillis());
                wantsList = true;
                doubts = false;
            } else {
                wait();
            }
        }
        if (closed) {
            throw new InterruptedException("closed");
        }
        return bus == null;
    }

    /** Asks for all units, and takes in the answer. */
    void list() throws IOException {
        synchronized (listing) {
            synchronized (this) {
                wantsList = false;
            }
            hear(new Signal.Asked());
            try {
                hear(new Signal.Listed(bus().list()));
            } catch (IOException | RuntimeException e) {
                want(true);
                throw e;
            }
        }
    }

    /** Asks for these units, and takes in the answer. */
    void list(List<String> names) throws IOException {
        synchronized (listing) {
            hear(new Signal.Asked());
            List<Row> rows = bus().list(names);
            hear(new Signal.Named(rows));
        }
    }

    <T> T ask(Function<Ledger, T> question) {
        synchronized (ledger) {
            return question.apply(ledger);
        }
    }

    private void hear(Signal signal) {
        List<Effect> effects = ask(its -> its.on(signal));
        for (Effect effect : effects) {
            switch (effect) {
                case Effect.Tell(Set<String> units) -> changed.accept(units);
                case Effect.ListAll() -> want(true);
                case Effect.ListLater() -> want(false);
                case Effect.Ended(long order, JobResult result) -> ended(order, result);
            }
        }
    }

    private synchronized void want(boolean now) {
        wantsList = wantsList || now;
        doubts = doubts || !now;
        notifyAll();
    }

    private void ended(long order, JobResult result) {
        CompletableFuture<JobResult> job;
        synchronized (this) {
            job = jobs.remove(order);
        }
        if (job != null) {
            job.completeAsync(() -> result);
        }
    }

    /**
     * @param refused what an error says of the job
     */
    Ordered job(String method, String unit, Function<IOException, JobResult> refused) {
        CompletableFuture<JobResult> result = new CompletableFuture<>();
        long order;
        CompletableFuture<String> given;
        synchronized (this) {
            order = ++orders;
            Bus now = bus;
            if (now == null) {
                return new Ordered(order, CompletableFuture.completedFuture(JobResult.UNKNOWN));
            }
            jobs.put(order, result);
            given = now.job(method, unit);
        }
        var _ =
                given.whenComplete((job, failure) -> {
                    if (failure == null) {
                        hear(new Signal.JobGiven(order, job));
                    } else {
                        ended(order, refused.apply(cause(failure)));
                    }
                });
        return new Ordered(order, result);
    }

    private static IOException cause(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof IOException known ? known : new IOException(cause);
    }

    /** Nobody waits for that job any longer. */
    void giveUp(Ordered job) {
        synchronized (this) {
            jobs.remove(job.order());
        }
        hear(new Signal.GaveUp(job.order()));
    }

    @Override
    public void close() {
        Bus last;
        synchronized (this) {
            closed = true;
            last = bus;
            bus = null;
        }
        thread.interrupt();
        unknown();
        if (last != null) {
            last.close();
        }
    }
}
