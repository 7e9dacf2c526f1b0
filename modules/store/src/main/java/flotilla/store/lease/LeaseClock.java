package flotilla.store.lease;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.platform.Clock;
import flotilla.protocol.LeaseRevokeRequest;
import flotilla.store.apply.Applied;
import flotilla.store.apply.lease.Lease;
import flotilla.store.apply.lease.LeaseListener;
import flotilla.store.apply.lease.Lessor;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.command.LeaseCheckpoint;
import flotilla.store.leader.LeaseAnswer;
import flotilla.store.leader.LeaseQuestion;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the time of leases while this member leads, and has the log revoke those that are over.
 *
 * <p>A leader that was cut off or stopped for a while may be the last to learn that it no longer
 * leads; its clock would then end leases that are kept alive elsewhere. So before it renews or
 * revokes, it has the log confirm its leadership ({@link ReplicatedLog#readBarrier}).
 */
public final class LeaseClock implements LeaseListener, ReplicatedLog.LeaderDesk {
    private static final Logger log = LoggerFactory.getLogger(LeaseClock.class);

    /** Leases revoked in one tick at most: 1,000 a second with ten ticks a second, as in etcd. */
    private static final int REVOKED_PER_TICK = 100;

    /** Leases in one checkpoint command (etcd's {@code maxLeaseCheckpointBatchSize}). */
    private static final int CHECKPOINTS_PER_COMMAND = 1_000;

    private final Clock clock;
    private final Lessor lessor = new Lessor();
    private final EtcdStateMachine machine;

    /** While a batch of revocations is under way. */
    private final AtomicBoolean revoking = new AtomicBoolean();

    /** Held from taking a remainder or renewing a lease until the log has been told. */
    private final Object checkpoints = new Object();

    private final CompletableFuture<ReplicatedLog> opened = new CompletableFuture<>();
    private long nextCheckpointNanos;

    public LeaseClock(Clock clock, EtcdStateMachine machine) {
        this.clock = clock;
        this.machine = machine;
        this.nextCheckpointNanos = clock.nanos();
    }

    /** The log, once it is open; before that nobody leads. */
    public void attach(ReplicatedLog replicated) {
        opened.complete(replicated);
    }

    @Override
    public void granted(Lease lease) {
        lessor.granted(lease, clock.nanos());
    }

    @Override
    public void revoked(long leaseId) {
        lessor.revoked(leaseId);
    }

    @Override
    public void replaced() {
        if (lessor.isLeading()) {
            countAll();
        }
    }

    @Override
    public void onLeadership(boolean leading, long term) {
        if (leading) {
            countAll();
        } else {
            lessor.resign();
        }
    }

    /**
     * Counting begins before the state is listed: a lease granted between is counted either way.
     */
    private void countAll() {
        lessor.lead(List.of(), clock.nanos());
        machine.leases(LimitedRoom.unlimited())
                .forEach(lease -> lessor.granted(lease, clock.nanos()));
    }

    @Override
    public CompletableFuture<ByteString> answer(ByteString question) {
        LeaseQuestion asked;
        try {
            asked = LeaseQuestion.parseFrom(question);
        } catch (InvalidProtocolBufferException e) {
            return CompletableFuture.failedFuture(e);
        }
        return opened.thenCompose(
                replicated -> whileLeading(replicated, term -> answer(replicated, term, asked)));
    }

    private CompletableFuture<ByteString> answer(
            ReplicatedLog replicated, long term, LeaseQuestion asked) {
        CompletableFuture<LeaseAnswer> answer =
                asked.getRenew()
                        ? renew(replicated, term, asked.getId())
                        : CompletableFuture.completedFuture(remaining(asked.getId()));
        return answer.thenApply(LeaseAnswer::toByteString);
    }

    /**
     * Runs it once the log has confirmed that this member leads, without a change of term; with
     * that term, in which alone what comes of it may take effect.
     */
    private <T> CompletableFuture<T> whileLeading(
            ReplicatedLog replicated, LongFunction<CompletableFuture<T>> work) {
        RaftStatus before = replicated.status();
        if (!before.isLeader() || !lessor.isLeading()) {
            return CompletableFuture.failedFuture(new EtcdException(EtcdError.NOT_LEADER));
        }
        return replicated
                .readBarrier()
                .thenCompose(confirmed -> {
                    RaftStatus now = replicated.status();
                    boolean same = now.isLeader() && now.term() == before.term();
                    return same && lessor.isLeading()
                            ? work.apply(before.term())
                            : CompletableFuture.failedFuture(
                                    new EtcdException(EtcdError.NOT_LEADER));
                });
    }

    private CompletableFuture<LeaseAnswer> renew(ReplicatedLog replicated, long term, long id) {
        if (machine.lease(id).isEmpty()) {
            lessor.revoked(id); // While leadership was taken up, perhaps.
            return CompletableFuture.completedFuture(LeaseAnswer.getDefaultInstance());
        }
        // In the log as in the lessor: a remainder that was taken before goes before.
        synchronized (checkpoints) {
            return lessor.renew(id, clock.nanos())
                    .map(renewal -> renewed(replicated, term, id, renewal))
                    .orElseGet(() ->
                            CompletableFuture.completedFuture(LeaseAnswer.getDefaultInstance()));
        }
    }

    private CompletableFuture<LeaseAnswer> renewed(
            ReplicatedLog replicated, long term, long id, Lessor.Renewal renewal) {
        long seconds = renewal.ttlSeconds();
        LeaseAnswer answer =
                LeaseAnswer.newBuilder()
                        .setFound(true)
                        .setTtlSeconds(seconds)
                        .setGrantedTtlSeconds(seconds)
                        .build();
        if (!renewal.checkpointFirst()) {
            return CompletableFuture.completedFuture(answer);
        }
        return replicated
                .propose(checkpoint(term, List.of(new Lessor.Remainder(id, seconds))))
                .thenApply(applied -> {
                    if (applied instanceof Applied.Refused(EtcdError error)) {
                        throw new EtcdException(error);
                    }
                    lessor.checkpointed(id, renewal);
                    return answer;
                });
    }

    private LeaseAnswer remaining(long id) {
        OptionalLong seconds = lessor.remainingSeconds(id, clock.nanos());
        if (seconds.isEmpty()) {
            return LeaseAnswer.getDefaultInstance();
        }
        long granted = machine.lease(id).map(Lease::grantedTtlSeconds).orElse(0L);
        return LeaseAnswer.newBuilder()
                .setFound(true)
                .setTtlSeconds(seconds.getAsLong())
                .setGrantedTtlSeconds(granted)
                .build();
    }

    /** Called ten times a second: revokes what is over. A batch still under way is not added to. */
    public void tick() {
        ReplicatedLog replicated = opened.getNow(null);
        if (replicated == null || !lessor.isLeading() || revoking.get()) {
            return;
        }
        List<Long> over = lessor.expired(clock.nanos(), REVOKED_PER_TICK);
        if (!over.isEmpty()) {
            revoke(replicated, over);
        }
        if (clock.nanos() - nextCheckpointNanos >= 0) {
            nextCheckpointNanos =
                    clock.nanos() + Lessor.CHECKPOINT_INTERVAL_SECONDS * 1_000_000_000L;
            CompletableFuture<Void> _ =
                    whileLeading(
                                    replicated,
                                    term -> {
                                        checkpointAll(replicated, term);
                                        return CompletableFuture.<Void>completedFuture(null);
                                    })
                            .exceptionally(failure -> {
                                log.debug("no lease checkpoint: {}", failure.toString());
                                return null;
                            });
        }
    }

    /** However it ends, there will be another: a lease that is over must not stay for ever. */
    private void revoke(ReplicatedLog replicated, List<Long> over) {
        revoking.set(true);
        CompletableFuture<Void> _ =
                attempt(() -> whileLeading(replicated, term -> revoked(replicated, term, over)))
                        .whenComplete((_, failure) -> {
                            revoking.set(false);
                            if (failure != null) {
                                log.debug("{} leases not revoked: {}", over.size(), failure);
                            }
                        });
    }

    private CompletableFuture<Void> revoked(ReplicatedLog replicated, long term, List<Long> over) {
        return CompletableFuture.allOf(
                over.stream()
                        .map(id -> revoked(replicated, term, id))
                        .toArray(CompletableFuture<?>[]::new));
    }

    /** A revocation that gets lost is tried again: the lessor reports the lease once more. */
    private CompletableFuture<Void> revoked(ReplicatedLog replicated, long term, long id) {
        Command command =
                Command.newBuilder()
                        .setOnlyInTerm(term)
                        .setLeaseRevoke(LeaseRevokeRequest.newBuilder().setID(id))
                        .build();
        return attempt(() -> replicated.propose(command))
                .handle((applied, failure) -> {
                    if (applied instanceof Applied.Done) {
                        lessor.revoked(id);
                    } else {
                        log.debug("lease {}: {}", Long.toHexString(id), applied, failure);
                    }
                    return null;
                });
    }

    /** What throws at once fails like what fails later. */
    private static <T> CompletableFuture<T> attempt(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void checkpointAll(ReplicatedLog replicated, long term) {
        synchronized (checkpoints) {
            List<Lessor.Remainder> left = lessor.checkpoints(clock.nanos());
            for (int from = 0; from < left.size(); from += CHECKPOINTS_PER_COMMAND) {
                int to = Math.min(left.size(), from + CHECKPOINTS_PER_COMMAND);
                replicated
                        .propose(checkpoint(term, left.subList(from, to)))
                        .exceptionally(failure -> {
                            log.debug("lease checkpoint: {}", failure.toString());
                            return new Applied.Refused(EtcdError.TIMEOUT);
                        });
            }
        }
    }

    private static Command checkpoint(long term, List<Lessor.Remainder> remainders) {
        LeaseCheckpoint.Builder checkpoint = LeaseCheckpoint.newBuilder();
        for (Lessor.Remainder remainder : remainders) {
            checkpoint.addLeases(
                    LeaseCheckpoint.Remaining.newBuilder()
                            .setId(remainder.id())
                            .setRemainingTtlSeconds(remainder.seconds()));
        }
        return Command.newBuilder().setOnlyInTerm(term).setLeaseCheckpoint(checkpoint).build();
    }
}
