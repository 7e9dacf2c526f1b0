package flotilla.store.corruption;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmType;
import flotilla.store.Commands;
import flotilla.store.apply.Applied;
import flotilla.store.apply.member.Wish;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.disk.MemoryStorage;
import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.RaftStatus;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateHash;
import flotilla.store.log.driver.HandLoop;
import flotilla.store.view.EtcdStateMachine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Member 1 leads three, and compares. Of the others both hold what it doesn't. */
class CorruptCheckTest {
    private static final Duration ORDINARY = Duration.ofHours(12);
    private static final AlarmMember NAMED =
            AlarmMember.newBuilder().setMemberID(1).setAlarm(AlarmType.CORRUPT).build();

    private final HandLoop loop = new HandLoop();
    private final EtcdStateMachine machine = new EtcdStateMachine(new MemoryStorage());
    private final Cluster cluster = new Cluster();

    @BeforeEach
    void begin() {
        Means means = new Means(Runnable::run, loop, new SplittableRandom(1));
        new CorruptCheck(machine, cluster, cluster, means).begin(ORDINARY);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    /** The others' states, and a log that refuses what it is told to, and applies all else. */
    private final class Cluster implements ReplicatedLog, OtherStates {
        private final List<Long> asked = new ArrayList<>();
        private boolean leads = true;
        private boolean differ = true;
        private boolean broken;
        private @Nullable EtcdError refusal;

        @Override
        public List<Membership.Peer> members() {
            return List.of(peer(2), peer(3));
        }

        private static Membership.Peer peer(long id) {
            return new Membership.Peer(id, "m" + id, List.of("http://127.0.0.1:1"));
        }

        @Override
        public CompletableFuture<StateHash> hash(long member, long revision, long check) {
            if (member == 2) {
                asked.add(loop.clock().nanos());
            }
            if (broken) {
                throw new IllegalStateException("it comes to no end");
            }
            StateHash own = machine.hashAt(revision);
            int hash = own.hash().orElseThrow() + (differ ? 1 : 0);
            return CompletableFuture.completedFuture(
                    new StateHash(
                            own.applied(),
                            own.revision(),
                            own.compactRevision(),
                            OptionalInt.of(hash)));
        }

        @Override
        public CompletableFuture<Applied> propose(Command command) {
            return refusal == null
                    ? CompletableFuture.completedFuture(Commands.apply(machine, command).getFirst())
                    : CompletableFuture.failedFuture(new EtcdException(refusal));
        }

        @Override
        public CompletableFuture<Void> readBarrier() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public RaftStatus status() {
            return new RaftStatus(1, leads ? 1 : 2, 1, 0, 0, false);
        }

        @Override
        public CompletableFuture<ByteString> askLeader(ByteString question) {
            throw new AssertionError("nobody asks");
        }

        @Override
        public CompletableFuture<Applied> changeMembers(Wish wish) {
            throw new AssertionError("nobody asks for it");
        }

        @Override
        public CompletableFuture<Void> transferLeadership(long memberId) {
            throw new AssertionError("nobody asks for it");
        }

        @Override
        public void close() {}
    }

    private void pass(Duration time) {
        loop.pass(time.toNanos());
    }

    @ParameterizedTest
    @EnumSource(names = {"NOT_CAPABLE", "NO_LEADER", "TOO_MANY_REQUESTS", "TIMEOUT"})
    void an_alarm_that_is_refused_is_raised_as_soon_as_it_can_be(EtcdError refusal) {
        cluster.refusal = refusal;
        pass(ORDINARY);
        assertThat(machine.alarms().all()).isEmpty();

        cluster.refusal = null;
        pass(Rhythm.SOON);

        assertThat(machine.alarms().all()).containsExactly(NAMED);
    }

    @Test
    void who_found_it_goes_on_though_it_leads_no_longer() {
        cluster.refusal = EtcdError.NO_LEADER;
        pass(ORDINARY);
        cluster.leads = false;
        pass(Rhythm.SOON);
        cluster.refusal = null;

        pass(Rhythm.SOON_MAX);

        assertThat(machine.alarms().all()).containsExactly(NAMED);
    }

    @Test
    void who_was_mended_meanwhile_is_not_named() {
        cluster.refusal = EtcdError.NOT_CAPABLE;
        pass(ORDINARY);
        cluster.refusal = null;
        cluster.differ = false;

        pass(ORDINARY);

        assertThat(machine.alarms().all()).isEmpty();
        assertThat(cluster.asked).as("once more soon, then at its time").hasSize(2);
    }

    @Test
    void it_is_not_asked_for_at_every_turn() {
        cluster.refusal = EtcdError.NOT_CAPABLE;
        pass(ORDINARY);
        Duration hour = Duration.ofHours(1);
        pass(hour);

        assertThat(cluster.asked).hasSizeLessThan((int) hour.dividedBy(Rhythm.SOON_MAX) + 10);
    }

    @Test
    void a_comparison_without_an_end_is_made_again_soon_by_who_leads() {
        cluster.differ = false;
        cluster.broken = true;
        pass(ORDINARY);
        pass(Rhythm.SOON);
        assertThat(cluster.asked).hasSize(2);

        cluster.leads = false;
        pass(ORDINARY.minus(Rhythm.SOON_MAX));

        assertThat(cluster.asked).as("by nobody else").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"0,PT12H", "1,PT5S", "2,PT10S", "7,PT5M20S", "8,PT10M", "1000,PT10M"})
    void pauses_grow_and_end_where_each_is_long_enough(int failures, Duration pause) {
        assertThat(new Rhythm(ORDINARY).pause(failures)).isEqualTo(pause);
    }

    @Test
    void no_pause_is_longer_than_the_ordinary_one() {
        assertThat(new Rhythm(Duration.ofSeconds(2)).pause(3)).isEqualTo(Duration.ofSeconds(2));
    }
}
