package flotilla.store.raft;

import flotilla.platform.Clock;
import flotilla.platform.Mailbox;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Linearizable reads on any member: asks the leader's {@link ReadGate} for the index to see, then
 * waits until it was applied here. One question is out at a time and serves all reads that had come
 * when it was asked; what comes later waits for the next. A question that found no leader, or whose
 * leader was followed by another, is asked anew until the read's deadline: asking twice does no
 * harm.
 */
final class ReadBarrier {
    /** Most reads that wait on this member, be it for the leader or for the log to be applied. */
    static final int OPEN_READS = 50_000;

    private static final long RETRY_NANOS = 20_000_000;

    private record Read(long deadline, CompletableFuture<Void> done) {}

    private final Supplier<CompletableFuture<Long>> leaderReadIndex;
    private final AppliedIndex applied;
    private final Clock clock;
    private final long timeoutNanos;
    private final Ticker ticker;
    private final Executor replies;
    private final Mailbox mailbox = new Mailbox();
    private final AtomicInteger open = new AtomicInteger();
    private List<Read> waiting = new ArrayList<>();
    private List<Read> asked = new ArrayList<>();
    private long lastQuestion;
    private boolean asking;
    private boolean closed;

    /**
     * @param leaderReadIndex asks the leader, here or elsewhere
     * @param replies where reads complete
     */
    ReadBarrier(
            Supplier<CompletableFuture<Long>> leaderReadIndex,
            AppliedIndex applied,
            Timing timing,
            Executor replies) {
        this.leaderReadIndex = leaderReadIndex;
        this.applied = applied;
        this.clock = timing.clock();
        this.timeoutNanos = timing.timeoutNanos();
        this.ticker = new Ticker(timing.timer(), () -> mailbox.execute(this::tick));
        this.replies = replies;
    }

    CompletableFuture<Void> read() {
        if (open.incrementAndGet() > OPEN_READS) {
            open.decrementAndGet();
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.TOO_MANY_REQUESTS));
        }
        Read read = new Read(clock.nanos() + timeoutNanos, new CompletableFuture<>());
        CompletableFuture<Void> counted =
                read.done().whenComplete((_, _) -> open.decrementAndGet());
        mailbox.execute(() -> {
            if (closed) {
                fail(read, EtcdError.STOPPED);
            } else {
                waiting.add(read);
                ask();
            }
        });
        return counted;
    }

    /**
     * Whom the last question went to may be cut off and never answer: its reads are asked for anew.
     */
    void leaderChanged() {
        mailbox.execute(() -> {
            giveUpQuestion();
            ask();
        });
    }

    void close() {
        mailbox.execute(() -> {
            closed = true;
            giveUpQuestion();
            waiting.forEach(read -> fail(read, EtcdError.STOPPED));
            waiting = new ArrayList<>();
            applied.close(new EtcdException(EtcdError.STOPPED));
        });
    }

    private void giveUpQuestion() {
        asking = false;
        asked.addAll(waiting);
        waiting = asked;
        asked = new ArrayList<>();
    }

    private void ask() {
        if (asking || waiting.isEmpty()) {
            return;
        }
        asking = true;
        long question = ++lastQuestion;
        asked = waiting;
        waiting = new ArrayList<>();
        CompletableFuture<Long> _ =
                leaderReadIndex
                        .get()
                        .whenComplete((index, failure) ->
                                mailbox.execute(() -> {
                                    if (!asking || question != lastQuestion) {
                                        return;
                                    }
                                    asking = false;
                                    List<Read> reads = asked;
                                    asked = new ArrayList<>();
                                    if (failure == null) {
                                        answered(reads, index);
                                    } else {
                                        refused(reads);
                                    }
                                }));
    }

    private void answered(List<Read> reads, long index) {
        CompletableFuture<Void> reached = applied.reached(index);
        if (!reached.isDone()) {
            reached = reached.orTimeout(timeoutNanos, TimeUnit.NANOSECONDS);
        }
        CompletableFuture<Void> _ =
                reached.whenCompleteAsync(
                        (done, failure) ->
                                reads.forEach(read -> {
                                    if (failure == null) {
                                        read.done().complete(null);
                                    } else {
                                        fail(read, EtcdError.TIMEOUT);
                                    }
                                }),
                        replies);
        ask();
    }

    private void refused(List<Read> reads) {
        reads.addAll(waiting);
        waiting = reads;
        expire();
    }

    private void tick() {
        expire();
        ask();
    }

    private void expire() {
        long now = clock.nanos();
        List<Read> live = new ArrayList<>();
        for (Read read : waiting) {
            if (now - read.deadline() >= 0) {
                replies.execute(() -> fail(read, EtcdError.NO_LEADER));
            } else {
                live.add(read);
            }
        }
        waiting = live;
        if (!waiting.isEmpty()) {
            ticker.within(RETRY_NANOS);
        }
    }

    private static void fail(Read read, EtcdError error) {
        read.done().completeExceptionally(new EtcdException(error));
    }
}
