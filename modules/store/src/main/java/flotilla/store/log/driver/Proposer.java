package flotilla.store.log.driver;

import flotilla.platform.memory.MemoryBudget;
import flotilla.platform.memory.MemoryBudget.Share;
import flotilla.store.apply.Applied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.apply.session.Sessions;
import flotilla.store.command.Command;
import flotilla.store.log.driver.Batch.Call;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Packs this member's commands into batches and sees each batch through to its end. Few are under
 * way at a time; what comes meanwhile shares the next, so that a lone client waits for nobody and a
 * thousand share an fsync.
 *
 * <p>The replicated state knows which batches it has seen ({@link
 * flotilla.store.apply.session.Sessions}, thesis 6.3). So one of unknown fate is sent again at
 * once, to whoever leads now, and is still applied once. It ends in one of these ways:
 *
 * <ul>
 *   <li>applied here: its callers get their results;
 *   <li>the leader can't read it, and it certainly is in no log: UNREADABLE, at once;
 *   <li>its deadline passed: NO_LEADER if it certainly is in no log, else TIMEOUT;
 *   <li>a checkpoint took the place of the entries that may have held it: TIMEOUT.
 * </ul>
 *
 * <p>Belongs to the core's loop, but for what is said.
 */
final class Proposer {
    /** Batches under way at once. One would idle between fsyncs; more make smaller batches. */
    static final int WINDOW = 2;

    /** Most commands in one entry. */
    static final int BATCH_COMMANDS = 1024;

    /** Most bytes in one entry, unless its first command alone is larger. */
    static final int BATCH_BYTES = 512 << 10;

    /** Most commands waiting or under way on this member. */
    static final int QUEUED_COMMANDS = 20_000;

    /** Wait before a batch that was refused is tried again. */
    private static final long RETRY_NANOS = 20_000_000;

    /** A batch of which nothing was heard for so long is sent again. */
    private static final long RESEND_NANOS = 2_000_000_000;

    /** How often deadlines are looked at while somebody waits. */
    private static final long TICK_NANOS = 200_000_000;

    /** What becomes of sending a batch, as far as it can be told. */
    enum Sent {
        /** In the leader's log, its fate open. */
        APPENDED,
        /** Certainly in no log by this attempt. */
        REFUSED,
        /** As REFUSED, and as often as it is sent to who leads: it can't be read there. */
        UNREADABLE,
        /** Nobody knows. */
        UNKNOWN
    }

    /** The way to the leader's log. */
    @FunctionalInterface
    interface Route {
        /**
         * Sends it to whoever leads.
         *
         * @param result called once, on the core's loop
         * @return false if nobody does; then it is not called
         */
        boolean send(byte[] batch, Consumer<Sent> result);
    }

    /** How many bytes may wait or be under way on this member. */
    private final long queuedBytesMax = MemoryBudget.ofThisJvm().bytes(Share.PROPOSALS);

    private final long origin;
    private final long timeoutNanos;
    private final IntSupplier level;
    private final Loop loop;
    private final Route route;
    private final Executor replies;

    private final AtomicInteger queuedCommands = new AtomicInteger();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    private final ArrayDeque<Call> queue = new ArrayDeque<>();

    /** By number. The loop adds; who removes a batch settles it. */
    private final ConcurrentSkipListMap<Long, Batch> underWay = new ConcurrentSkipListMap<>();

    private long lastNumber;
    private boolean ticking;
    private boolean closed;

    /**
     * @param replies where callers' futures complete, unless one is alone
     */
    Proposer(Requests requests, Loop loop, Route route, Executor replies) {
        this.origin = requests.origin();
        this.timeoutNanos = requests.timeoutNanos();
        this.level = requests.level();
        this.loop = loop;
        this.route = route;
        this.replies = replies;
    }

    long origin() {
        return origin;
    }

    /** From any thread. */
    CompletableFuture<Applied> propose(Command command) {
        if (!FeatureLevel.admits(level.getAsInt(), FeatureLevel.of(command))) {
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.NOT_CAPABLE));
        }
        byte[] encoded = command.toByteArray();
        boolean tooMany = queuedCommands.incrementAndGet() > QUEUED_COMMANDS;
        long waiting = queuedBytes.getAndAdd(encoded.length);
        // Alone a command is taken whatever its size: refused, it could never come through.
        boolean tooMuch = waiting > 0 && waiting + encoded.length > queuedBytesMax;
        if (tooMany || tooMuch) {
            release(1, encoded.length);
            failed.incrementAndGet();
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.TOO_MANY_REQUESTS));
        }
        CompletableFuture<Applied> answer = new CompletableFuture<>();
        Call call = new Call(command, encoded, loop.clock().nanos() + timeoutNanos, answer);
        loop.execute(() -> enqueue(call));
        return answer;
    }

    int pending() {
        return queuedCommands.get();
    }

    long failed() {
        return failed.get();
    }

    /** The batch under way that an entry's data is, the very array; from any thread. */
    @SuppressWarnings("ReferenceEquality") // the leader's log holds the array that it was given
    @Nullable Batch own(byte[] data) {
        for (Batch batch : underWay.values()) {
            if (batch.bytes() == data) {
                return batch;
            }
        }
        return null;
    }

    /**
     * The batch of that number was applied here; call on the thread that applies, in order.
     *
     * @param results none for one that the state had seen: if it is still waited for, that was in a
     *     checkpoint, and nobody knows what came of it
     */
    void applied(long number, List<Applied> results) {
        Batch batch = underWay.get(number);
        if (batch == null) {
            return;
        }
        if (results.isEmpty()) {
            drop(batch, EtcdError.TIMEOUT);
            return;
        }
        if (!underWay.remove(number, batch)) {
            return;
        }
        release(batch);
        // A lone caller hears of it here: a thread more would only make it wait.
        Executor where = batch.size() == 1 ? Runnable::run : replies;
        where.execute(() -> batch.applied(results));
    }

    /** Something was applied here: there may be room for the next batch. */
    void progressed() {
        if (!queue.isEmpty()) {
            pump();
        }
    }

    /** A checkpoint took the place of entries: whether a batch was among them can't be known. */
    void stateReplaced() {
        for (Batch batch : underWay.values()) {
            if (batch.isOpen()) {
                drop(batch, EtcdError.TIMEOUT);
            }
        }
        pump();
    }

    /** Somebody else leads, or nobody: what is under way may be lost with the old leader. */
    void leaderChanged() {
        underWay.values().forEach(this::send);
        pump();
    }

    void close() {
        closed = true;
        underWay.values().forEach(batch -> drop(batch, EtcdError.STOPPED));
        while (!queue.isEmpty()) {
            fail(queue.removeFirst(), EtcdError.STOPPED);
        }
    }

    private void enqueue(Call call) {
        if (closed) {
            fail(call, EtcdError.STOPPED);
            return;
        }
        queue.addLast(call);
        // All that came in together should go out together.
        if (queue.size() == 1) {
            loop.execute(this::pump);
        }
    }

    private void pump() {
        if (closed) {
            return;
        }
        while (underWay.size() < WINDOW && !queue.isEmpty() && nextIsTellable()) {
            Batch batch = new Batch(origin, ++lastNumber, nextCalls());
            underWay.put(batch.number(), batch);
            send(batch);
        }
        tickWhileSomebodyWaits();
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
            bytes += queue.getFirst().encoded().length;
            if (bytes > BATCH_BYTES && !calls.isEmpty()) {
                break;
            }
            calls.add(queue.removeFirst());
        }
        return calls;
    }

    private void send(Batch batch) {
        int attempt = batch.sent(loop.clock().nanos());
        if (!route.send(batch.bytes(), sent -> heard(batch, attempt, sent))) {
            batch.refused();
        }
    }

    private void heard(Batch batch, int attempt, Sent sent) {
        switch (sent) {
            case APPENDED -> {}
            case UNKNOWN -> sendAgain(batch, attempt);
            case REFUSED -> {
                batch.refused();
                sendAgain(batch, attempt);
            }
            case UNREADABLE -> {
                batch.refused();
                if (!batch.isOpen()) {
                    drop(batch, EtcdError.UNREADABLE);
                    pump();
                }
            }
        }
    }

    private void sendAgain(Batch batch, int attempt) {
        loop.after(
                RETRY_NANOS,
                () -> {
                    if (underWay.containsKey(batch.number()) && batch.isLast(attempt)) {
                        send(batch);
                    }
                });
    }

    private void tickWhileSomebodyWaits() {
        if (!ticking && !(underWay.isEmpty() && queue.isEmpty())) {
            ticking = true;
            loop.after(TICK_NANOS, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        long now = loop.clock().nanos();
        for (Batch batch : underWay.values()) {
            if (now - batch.deadline() >= 0) {
                drop(batch, batch.isOpen() ? EtcdError.TIMEOUT : EtcdError.NO_LEADER);
            } else if (now - batch.sentAt() >= RESEND_NANOS) {
                send(batch);
            }
        }
        while (!queue.isEmpty() && now - queue.getFirst().deadline() >= 0) {
            fail(queue.removeFirst(), EtcdError.NO_LEADER);
        }
        pump();
    }

    private void drop(Batch batch, EtcdError error) {
        if (underWay.remove(batch.number(), batch)) {
            release(batch);
            failed.addAndGet(batch.size());
            replies.execute(() -> batch.fail(error));
        }
    }

    private void fail(Call call, EtcdError error) {
        release(1, call.encoded().length);
        failed.incrementAndGet();
        replies.execute(() -> call.answer().completeExceptionally(new EtcdException(error)));
    }

    private void release(Batch batch) {
        release(batch.size(), batch.callBytes());
    }

    private void release(int commands, long bytes) {
        queuedCommands.addAndGet(-commands);
        queuedBytes.addAndGet(-bytes);
    }
}
