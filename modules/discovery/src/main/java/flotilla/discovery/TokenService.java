package flotilla.discovery;

import flotilla.discovery.token.Event;
import flotilla.discovery.token.Operation;
import flotilla.discovery.token.Outcome;
import flotilla.discovery.token.Token;
import flotilla.discovery.token.TokenTree;
import flotilla.platform.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one owner of the tree and its log: operations go through a lock, and are on the disk before
 * anybody, asker or reader, sees what they did. When the disk fails the service answers nothing any
 * more: what it has in memory may not be what a restart finds.
 */
final class TokenService implements AutoCloseable {
    /** A token nobody touched for so long is forgotten: no bootstrap takes a week. */
    static final Duration FORGET_AFTER = Duration.ofDays(7);

    /** Tokens kept at a time: with the week above, 100,000 new clusters a week. */
    static final int TOKENS_MAX = 100_000;

    /** How often what is over is looked for, between requests. */
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(TokenService.class);

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TokenTree tree = new TokenTree();
    private final TokenLog tokenLog;
    private final Thread sweeper;
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private @Nullable IOException broken;
    private boolean closed;

    private TokenService(Path directory, Clock clock) throws IOException {
        this.clock = clock;
        this.tokenLog = TokenLog.open(directory, tree);
        this.sweeper = Thread.ofVirtual().name("token-sweeper").unstarted(this::sweepUntilClosed);
    }

    static TokenService open(Path directory, Clock clock) throws IOException {
        TokenService service = new TokenService(directory, clock);
        service.sweeper.start();
        return service;
    }

    /** A new token, or empty when there are too many already. */
    Optional<String> create(int size) throws IOException {
        lock.lock();
        try {
            if (tree.tokens().size() >= TOKENS_MAX) {
                return Optional.empty();
            }
            byte[] bytes = new byte[16];
            random.nextBytes(bytes);
            String token = HexFormat.of().formatHex(bytes);
            apply(new Operation.Create(token, size));
            return Optional.of(token);
        } finally {
            lock.unlock();
        }
    }

    /** An outcome together with the index at which it was true. */
    record Answer(Outcome outcome, long index) {}

    /**
     * Blocks until it is on the disk.
     *
     * @throws IOException when the disk failed: whether the operation will be found after a restart
     *     is not known
     */
    Answer apply(Operation operation) throws IOException {
        lock.lock();
        try {
            requireSound();
            long before = tree.index();
            long now = clock.now().toEpochMilli();
            Outcome outcome = tree.apply(operation, now);
            if (tree.index() != before) {
                persist(operation, now);
                changed.signalAll();
            }
            return new Answer(outcome, tree.index());
        } finally {
            lock.unlock();
        }
    }

    private void persist(Operation operation, long now) throws IOException {
        try {
            tokenLog.append(operation, now);
            tokenLog.compactIfWorth(tree);
        } catch (IOException | RuntimeException e) {
            IOException failed = new IOException(tokenLog.explain(e), e);
            broken = failed;
            failure.completeExceptionally(failed);
            changed.signalAll();
            log.error("{}", failed.getMessage());
            throw failed;
        }
    }

    private void requireSound() throws IOException {
        if (broken != null) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    /** Looks at a token as it is now. The function gets the index too, and must be quick. */
    <T> T read(String token, Function<Look, T> look) throws IOException {
        lock.lock();
        try {
            requireSound();
            long now = clock.now().toEpochMilli();
            if (tree.token(token).filter(found -> found.hasExpired(now)).isPresent()) {
                apply(new Operation.Expire(token));
            }
            return look.apply(new Look(tree.token(token), tree.index(), now));
        } finally {
            lock.unlock();
        }
    }

    /** What a reader sees at one moment. */
    record Look(Optional<Token> token, long index, long nowMillis) {}

    /** Whether everything since an index is still known; else the oldest index that is. */
    Optional<Long> clearedBefore(long fromIndex) {
        lock.lock();
        try {
            return tree.remembers(fromIndex) ? Optional.empty() : Optional.of(tree.oldest());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Blocks until a token has an event since an index; empty when the service closes first.
     *
     * @param key null for any that isn't hidden
     */
    Optional<Event> await(String token, @Nullable String key, long fromIndex)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && broken == null) {
                Optional<Event> event = tree.since(token, key, fromIndex);
                if (event.isPresent()) {
                    return event;
                }
                changed.await();
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** How many tokens there are. */
    int count() {
        lock.lock();
        try {
            return tree.tokens().size();
        } finally {
            lock.unlock();
        }
    }

    /** Fails when the disk did; never completes otherwise. */
    CompletableFuture<Void> failure() {
        return failure.copy();
    }

    /** Whether a change could be kept now. */
    void check() throws IOException {
        lock.lock();
        try {
            requireSound();
            try {
                tokenLog.check();
            } catch (IOException e) {
                throw new IOException(tokenLog.explain(e), e);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sweepUntilClosed() {
        lock.lock();
        try {
            while (!closed && broken == null) {
                sweep();
                var _ = changed.await(SWEEP_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** A sweep that fails costs nothing but time, as long as there is a next one. */
    private void sweep() {
        try {
            removeWhatIsOver();
        } catch (IOException e) {
            log.error("sweeping old tokens ends with the service: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("sweeping old tokens failed; the next sweep is in {}", SWEEP_EVERY, e);
        }
    }

    private void removeWhatIsOver() throws IOException {
        long now = clock.now().toEpochMilli();
        List<Operation> operations = new ArrayList<>();
        tree.expired(now).forEach(token -> operations.add(new Operation.Expire(token)));
        for (Token token : tree.tokens()) {
            if (token.changedMillis() + FORGET_AFTER.toMillis() < now) {
                log.info("token {} is forgotten: untouched for a week", token.name());
                operations.add(new Operation.Forget(token.name()));
            }
        }
        for (Operation operation : operations) {
            apply(operation);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            tokenLog.close();
        } catch (IOException e) {
            log.warn("closing the token log", e);
        } finally {
            lock.unlock();
        }
    }
}
