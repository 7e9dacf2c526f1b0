package flotilla.store.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.platform.Clock;
import flotilla.store.Commands;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.view.EtcdStateMachine;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A log that does not take a revocation must not leave a lease for ever. */
class LeaseClockTest {
    private static final long LEASE = 7;

    private final HandClock clock = new HandClock();
    private final EtcdStateMachine machine = new EtcdStateMachine(new MemoryStorage());
    private final LeaseClock leases = new LeaseClock(clock, machine);
    private final OneMemberLog log = new OneMemberLog(machine);

    /** Where the log gets stuck, once. */
    enum Fault {
        BARRIER_THROWS,
        BARRIER_FAILS,
        PROPOSAL_THROWS,
        PROPOSAL_FAILS
    }

    @BeforeEach
    void lead() {
        machine.onLeaseChange(leases);
        leases.attach(log);
        leases.onLeadership(true, 1);
        Commands.apply(machine, Commands.grant(LEASE, 5), Commands.put("k", "v", LEASE));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void a_lease_that_is_over_is_revoked() {
        clock.passes(6);

        leases.tick();

        assertThat(machine.lease(LEASE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_revocation_that_the_log_refused_is_made_again(Fault fault) {
        log.fault = fault;
        clock.passes(6);
        leases.tick();
        assertThat(machine.lease(LEASE)).isPresent();

        clock.passes(10); // The lessor reports it again after a while.
        leases.tick();

        assertThat(machine.lease(LEASE)).isEmpty();
    }

    private static final class HandClock implements Clock {
        private long nanos;

        void passes(long seconds) {
            nanos += seconds * 1_000_000_000L;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public Instant now() {
            return Instant.ofEpochSecond(0, nanos);
        }
    }

    /** Leads, and applies at once what it is given, but for one fault. */
    private static final class OneMemberLog implements ReplicatedLog {
        private final EtcdStateMachine machine;
        private @Nullable Fault fault;

        OneMemberLog(EtcdStateMachine machine) {
            this.machine = machine;
        }

        private <T> CompletableFuture<T> unless(
                Fault thrown, Fault failed, Supplier<CompletableFuture<T>> work) {
            @Nullable Fault now = fault;
            if (now == thrown) {
                fault = null;
                throw new IllegalStateException("thrown");
            }
            if (now == failed) {
                fault = null;
                return CompletableFuture.failedFuture(new EtcdException(EtcdError.TIMEOUT));
            }
            return work.get();
        }

        @Override
        public CompletableFuture<Applied> propose(Command command) {
            return unless(
                    Fault.PROPOSAL_THROWS,
                    Fault.PROPOSAL_FAILS,
                    () ->
                            CompletableFuture.completedFuture(
                                    Commands.apply(machine, command).getFirst()));
        }

        @Override
        public CompletableFuture<Void> readBarrier() {
            return unless(
                    Fault.BARRIER_THROWS,
                    Fault.BARRIER_FAILS,
                    () -> CompletableFuture.completedFuture(null));
        }

        @Override
        public CompletableFuture<ByteString> askLeader(ByteString question) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Applied> changeMembers(Wish wish) {
            throw new AssertionError("nobody asks for it");
        }

        @Override
        public CompletableFuture<Void> transferLeadership(long memberId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public RaftStatus status() {
            return new RaftStatus(1, 1, 1, machine.appliedIndex(), machine.appliedIndex(), false);
        }

        @Override
        public void close() {}
    }
}
