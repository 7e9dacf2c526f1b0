package flotilla.store.log.driver;

import flotilla.raft.Ready.ReadPoint;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * This member's linearizable reads: asks the core for the index at which they may be answered
 * (ReadIndex, thesis 6.4), and waits until the state machine has applied it. Whoever comes while a
 * question is under way shares the next one. Belongs to the core's loop.
 */
final class ReadRounds {
    /** Wait before reads that were refused are asked for again. */
    private static final long RETRY_NANOS = 20_000_000;

    private static final long TICK_NANOS = 200_000_000;

    /** Questions under way at once: one that was just asked need not hold up who comes next. */
    static final int QUESTIONS = 2;

    private record Read(long deadline, CompletableFuture<Void> done) {}

    private record Waiting(long index, List<Read> reads) {}

    private final Loop loop;
    private final long timeoutNanos;
    private final LongConsumer ask;
    private final Executor replies;
    private final Map<Long, List<Read>> asked = new HashMap<>();
    private final PriorityQueue<Waiting> unapplied =
            new PriorityQueue<>(Comparator.comparingLong(Waiting::index));
    private List<Read> waiting = new ArrayList<>();
    private long lastId;
    private long applied;
    private boolean ticking;
    private boolean closed;

    /**
     * @param ask puts a question of that id to the core
     */
    ReadRounds(Requests requests, Loop loop, LongConsumer ask, Executor replies) {
        // Above all that this member used in any of its lives, or far from it (scenario 33).
        this.lastId = requests.origin();
        this.timeoutNanos = requests.timeoutNanos();
        this.loop = loop;
        this.ask = ask;
        this.replies = replies;
    }

    /**
     * From any thread. Completes when the applied state holds all that was acknowledged anywhere
     * before the call.
     */
    CompletableFuture<Void> read() {
        Read read = new Read(loop.clock().nanos() + timeoutNanos, new CompletableFuture<>());
        loop.execute(() -> {
            if (closed) {
                fail(List.of(read), EtcdError.STOPPED);
                return;
            }
            waiting.add(read);
            if (waiting.size() == 1) {
                loop.execute(this::askForAll);
            }
        });
        return read.done();
    }

    private void askForAll() {
        if (!waiting.isEmpty() && asked.size() < QUESTIONS && !closed) {
            long id = ++lastId;
            asked.put(id, waiting);
            waiting = new ArrayList<>();
            ask.accept(id);
        }
        tickWhileSomebodyWaits();
    }

    /** The core's answers. */
    void answered(List<ReadPoint> points) {
        for (ReadPoint point : points) {
            List<Read> reads = asked.remove(point.id());
            if (reads == null) {
                continue;
            }
            if (point.index() <= applied) {
                complete(reads);
            } else {
                unapplied.add(new Waiting(point.index(), reads));
            }
        }
        askForAll();
    }

    /** The core could not tell; another may, or it later. */
    void refused(List<Long> ids) {
        for (long id : ids) {
            List<Read> reads = asked.remove(id);
            if (reads != null) {
                reads.addAll(waiting);
                waiting = reads;
            }
        }
        if (!waiting.isEmpty()) {
            loop.after(RETRY_NANOS, this::askForAll);
        }
    }

    /** The state machine has come this far. */
    void applied(long index) {
        applied = index;
        while (!unapplied.isEmpty() && unapplied.element().index() <= index) {
            complete(unapplied.remove().reads());
        }
    }

    void close() {
        closed = true;
        asked.values().forEach(reads -> fail(reads, EtcdError.STOPPED));
        unapplied.forEach(those -> fail(those.reads(), EtcdError.STOPPED));
        fail(waiting, EtcdError.STOPPED);
        asked.clear();
        unapplied.clear();
        waiting = new ArrayList<>();
    }

    private void tickWhileSomebodyWaits() {
        if (!ticking && !(asked.isEmpty() && unapplied.isEmpty() && waiting.isEmpty())) {
            ticking = true;
            loop.after(TICK_NANOS, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        long now = loop.clock().nanos();
        waiting = live(waiting, now, EtcdError.NO_LEADER);
        asked.replaceAll((_, reads) -> live(reads, now, EtcdError.NO_LEADER));
        asked.values().removeIf(List::isEmpty);
        List<Waiting> behind = List.copyOf(unapplied);
        unapplied.clear();
        for (Waiting those : behind) {
            List<Read> reads = live(those.reads(), now, EtcdError.TIMEOUT);
            if (!reads.isEmpty()) {
                unapplied.add(new Waiting(those.index(), reads));
            }
        }
        askForAll();
    }

    /** Those whose deadline has not passed; the others hear why. */
    private List<Read> live(List<Read> reads, long now, EtcdError error) {
        List<Read> live = new ArrayList<>();
        List<Read> over = new ArrayList<>();
        reads.forEach(read -> (now - read.deadline() >= 0 ? over : live).add(read));
        fail(over, error);
        return live;
    }

    private void complete(List<Read> reads) {
        replies.execute(() -> reads.forEach(read -> read.done().complete(null)));
    }

    private void fail(List<Read> reads, EtcdError error) {
        if (!reads.isEmpty()) {
            replies.execute(() ->
                    reads.forEach(
                            read -> read.done().completeExceptionally(new EtcdException(error))));
        }
    }
}
