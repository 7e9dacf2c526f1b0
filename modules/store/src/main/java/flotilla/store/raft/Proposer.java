package flotilla.store.raft;

import flotilla.platform.Clock;
import flotilla.platform.Mailbox;
import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.session.Sessions;
import flotilla.store.command.Command;
import flotilla.store.raft.Batch.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Packs this member's commands into batches and sees each batch through to its end. Two batches are
 * under way at most; what comes meanwhile waits and shares the next one, so that a lone client
 * waits for nobody and a thousand share an fsync.
 *
 * <p>A batch ends in exactly one of these ways:
 *
 * <ul>
 *   <li>applied here: its callers get their results;
 *   <li>certainly in no log (refused before append, or its term has passed: see {@link
 *       Submission}): it is sent again until its deadline, then NO_LEADER;
 *   <li>sent and not heard of until its deadline, or passed over by a checkpoint: TIMEOUT.
 * </ul>
 *
 * <p>All fields below the mailbox belong to it, but for what is said there.
 */
final class Proposer {
    /** Log entries under way at once. One would idle between fsyncs; more make smaller batches. */
    static final int WINDOW = 2;

    /** Most commands in one entry. */
    static final int BATCH_COMMANDS = 1024;

    /** Most bytes in one entry, unless its first command alone is larger. */
    static final int BATCH_BYTES = 512 << 10;

    /** Most commands waiting or under way on this member. */
    static final int QUEUED_COMMANDS = 20_000;

    /** Most bytes of those. */
    static final long QUEUED_BYTES = MemoryBudget.ofThisJvm().bytes(Share.PROPOSALS);

    /** Wait before a refused batch is tried again, and how often deadlines are looked at then. */
    private static final long RETRY_NANOS = 20_000_000;

    private static final long TICK_NANOS = 200_000_000;

    /** The way to a leader's log. */
    interface Route {
        /** The leader known of, 0 if none. */
        long leader();

        long term();

        /**
         * Sends a batch to a leader of that term.
         *
         * @param refused to be called, at most once, when the batch certainly was not appended
         */
        void send(Batch batch, long leader, long term, Runnable refused);
    }

    private final long self;
    private final long timeoutNanos;
    private final Clock clock;
    private final Route route;
    private final Ticker ticker;
    private final Executor replies;
    private final AtomicInteger queuedCommands = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private final Mailbox mailbox = new Mailbox();
    private final ArrayDeque<Call> queue = new ArrayDeque<>();

    /** By number. The mailbox adds; who removes a batch settles it. */
    private final ConcurrentNavigableMap<Long, Batch> underWay = new ConcurrentSkipListMap<>();

    private long lastNumber;
    private long appliedTerm;
    private boolean closed;

    /**
     * @param timing of a command, from its proposal to its answer
     * @param replies where callers' futures complete
     */
    Proposer(Origin origin, Timing timing, Route route, Executor replies) {
        this.self = origin.member();
        this.lastNumber = origin.firstNumber();
        this.timeoutNanos = timing.timeoutNanos();
        this.clock = timing.clock();
        this.route = route;
        this.replies = replies;
        this.ticker = new Ticker(timing.timer(), () -> mailbox.execute(this::tick));
    }

    CompletableFuture<Applied> propose(Command command) {
        int bytes = command.getSerializedSize();
        boolean tooMany = queuedCommands.incrementAndGet() > QUEUED_COMMANDS;
        boolean tooMuch = queuedBytes.addAndGet(bytes) > QUEUED_BYTES;
        if (tooMany || tooMuch) {
            release(1, bytes);
            failed.incrementAndGet();
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.TOO_MANY_REQUESTS));
        }
        CompletableFuture<Applied> answer = new CompletableFuture<>();
        Call call = new Call(command, bytes, clock.nanos() + timeoutNanos, answer);
        mailbox.execute(() -> enqueue(call));
        return answer;
    }

    int pending() {
        return queuedCommands.get();
    }

    long failed() {
        return failed.get();
    }

    /** The batch of that number was applied here; call in log order, on the apply thread. */
    void applied(long number, List<Applied> results) {
        Batch batch = underWay.remove(number);
        if (batch == null) {
            return;
        }
        release(batch);
        // A lone caller hears of it here: a thread more would only make it wait.
        Executor where = batch.size() == 1 ? Runnable::run : replies;
        where.execute(() -> batch.applied(results));
        // Whoever proposes from now on finds the room that this batch leaves.
        if (pending() > 0) {
            replies.execute(() -> mailbox.execute(this::pump));
        }
    }

    /** An entry of that term was applied here; call in log order, after what came before it. */
    void termApplied(long term) {
        mailbox.execute(() -> {
            appliedTerm = Math.max(appliedTerm, term);
            for (Batch batch : underWay.values()) {
                if (batch.sentTerm() < appliedTerm) {
                    batch.lost(clock.nanos());
                }
            }
            pump();
        });
    }

    /** A checkpoint took the place of entries: whether a batch was among them can't be known. */
    void stateReplaced(long term) {
        mailbox.execute(() -> {
            appliedTerm = Math.max(appliedTerm, term);
            drop(batch -> batch.sentTerm() != Batch.NOWHERE, EtcdError.TIMEOUT);
            pump();
        });
    }

    /** There may be a leader to send to. */
    void leaderChanged() {
        mailbox.execute(this::pump);
    }

    void close() {
        mailbox.execute(() -> {
            closed = true;
            drop(batch -> true, EtcdError.STOPPED);
            while (!queue.isEmpty()) {
                fail(queue.removeFirst(), EtcdError.STOPPED);
            }
        });
    }

    private void enqueue(Call call) {
        if (closed) {
            fail(call, EtcdError.STOPPED);
            return;
        }
        queue.addLast(call);
        pump();
    }

    private void pump() {
        if (closed) {
            return;
        }
        long leader = route.leader();
        long term = route.term();
        if (leader != 0 && term >= appliedTerm) {
            long now = clock.nanos();
            for (Batch batch : underWay.values()) {
                if (batch.mayBeSent(now)) {
                    send(batch, leader, term);
                }
            }
            while (underWay.size() < WINDOW && !queue.isEmpty() && nextIsTellable()) {
                Batch batch = new Batch(self, ++lastNumber, nextCalls());
                underWay.put(batch.number(), batch);
                send(batch, leader, term);
            }
        }
        boolean waiting =
                underWay.values().stream().anyMatch(batch -> batch.sentTerm() == Batch.NOWHERE);
        if (!underWay.isEmpty() || !queue.isEmpty()) {
            ticker.within(waiting ? RETRY_NANOS : TICK_NANOS);
        }
    }

    /** The state tells batches apart that are not too far from each other. */
    private boolean nextIsTellable() {
        Map.Entry<Long, Batch> oldest = underWay.firstEntry();
        return oldest == null || lastNumber - oldest.getKey() < Sessions.WINDOW;
    }

    private List<Call> nextCalls() {
        List<Call> calls = new ArrayList<>();
        long bytes = 0;
        while (!queue.isEmpty() && calls.size() < BATCH_COMMANDS) {
            bytes += queue.getFirst().bytes();
            if (bytes > BATCH_BYTES && !calls.isEmpty()) {
                break;
            }
            calls.add(queue.removeFirst());
        }
        return calls;
    }

    private void send(Batch batch, long leader, long term) {
        int attempt = batch.sent(term);
        route.send(batch, leader, term, () -> mailbox.execute(() -> refused(batch, attempt)));
    }

    private void refused(Batch batch, int attempt) {
        if (underWay.containsKey(batch.number()) && batch.isAttempt(attempt)) {
            batch.lost(clock.nanos() + RETRY_NANOS);
            ticker.within(RETRY_NANOS);
        }
    }

    private void tick() {
        long now = clock.nanos();
        drop(
                batch -> batch.sentTerm() == Batch.NOWHERE && now - batch.deadline() >= 0,
                EtcdError.NO_LEADER);
        drop(batch -> now - batch.deadline() >= 0, EtcdError.TIMEOUT);
        while (!queue.isEmpty() && now - queue.getFirst().deadline() >= 0) {
            fail(queue.removeFirst(), EtcdError.NO_LEADER);
        }
        pump();
    }

    private void drop(Predicate<Batch> which, EtcdError error) {
        for (Batch batch : underWay.values()) {
            if (which.test(batch) && underWay.remove(batch.number(), batch)) {
                release(batch);
                failed.addAndGet(batch.size());
                replies.execute(() -> batch.fail(error));
            }
        }
    }

    private void fail(Call call, EtcdError error) {
        release(1, call.bytes());
        failed.incrementAndGet();
        replies.execute(() -> call.answer().completeExceptionally(new EtcdException(error)));
    }

    private void release(Batch batch) {
        release(batch.size(), batch.bytes());
    }

    private void release(int commands, long bytes) {
        queuedCommands.addAndGet(-commands);
        queuedBytes.addAndGet(-bytes);
    }
}
