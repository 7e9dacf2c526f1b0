package flotilla.store.corruption;

import flotilla.platform.Recurring;
import flotilla.platform.metrics.Metrics;
import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmType;
import flotilla.store.command.Command;
import flotilla.store.log.OtherStates;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateHash;
import flotilla.store.view.EtcdStateMachine;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the members' states now and then, as long as this member leads, and raises the alarm
 * CORRUPT for those that differ. On a thread of its own, which waits for the others.
 */
public final class CorruptCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CorruptCheck.class);

    /** Before members that are behind are asked again. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final EtcdStateMachine machine;
    private final ReplicatedLog replicated;
    private final OtherStates others;
    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong alarms = new AtomicLong();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("etcd-corrupt-check").factory());

    public CorruptCheck(EtcdStateMachine machine, ReplicatedLog replicated, OtherStates others) {
        this.machine = machine;
        this.replicated = replicated;
        this.others = others;
    }

    /** From now on, with a pause before each. */
    public void begin(Duration pause) {
        var scheduled =
                timer.scheduleWithFixedDelay(
                        new Recurring("comparing the members' states", this::run),
                        pause.toMillis(),
                        Math.max(1, pause.toMillis()),
                        TimeUnit.MILLISECONDS);
        log.debug("timer {}", scheduled);
    }

    public void show(Metrics metrics) {
        metrics.counter(
                "flotilla_store_hash_checks_total",
                "Comparisons of the members' states, led by this member.",
                checks::get);
        metrics.counter(
                "flotilla_store_corrupt_alarms_total",
                "Alarms CORRUPT that this member raised.",
                alarms::get);
    }

    private void run() {
        try {
            if (replicated.status().isLeader()) {
                compare();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            log.warn(
                    "comparing the members' states came to nothing ({}); it is tried again",
                    String.valueOf(e.getCause()));
        }
    }

    private void compare() throws InterruptedException, ExecutionException {
        StateHash own = machine.hashAt(0);
        Inquiry.Answers answers = Inquiry.waiting(others, AGAIN).ask(own.revision());
        // From here on this member has whatever one that answered can have had.
        replicated.readBarrier().get();
        StateHash ordered =
                new StateHash(machine.revision(), machine.compactRevision(), OptionalInt.empty());
        Comparison comparison =
                new Comparison(replicated.status().memberId(), own, answers.states());
        SortedSet<Long> corrupt = comparison.corrupt(others.members().size() + 1, ordered);
        checks.incrementAndGet();
        log.info(
                "compared the state up to revision {} with {} of {} other members: {} differ{}",
                own.revision(),
                comparison.compared().size(),
                others.members().size(),
                comparison.different().size(),
                answers.silent().isEmpty() ? "" : "; no answer: " + answers.silent().values());
        for (long member : corrupt) {
            raise(member, comparison);
        }
    }

    private void raise(long member, Comparison comparison)
            throws InterruptedException, ExecutionException {
        AlarmMember alarm =
                AlarmMember.newBuilder().setMemberID(member).setAlarm(AlarmType.CORRUPT).build();
        if (machine.alarms().all().contains(alarm)) {
            return;
        }
        log.error(
                "alarm CORRUPT, for {}: the members' states differ (up to revision {} this one, {},"
                        + " has {}; others {}). Writes are refused until it is disarmed. Stop that"
                        + " member, delete member/state/live in its data directory, start it:"
                        + " its state is made anew; then 'etcdctl alarm disarm'",
                member == Comparison.NOBODY_KNOWS_WHO
                        ? "no member, as no majority holds the same"
                        : "member " + Long.toHexString(member),
                comparison.own().revision(),
                Long.toHexString(comparison.self()),
                words(comparison.own()),
                comparison.others().entrySet().stream()
                        .map(other ->
                                Long.toHexString(other.getKey()) + " " + words(other.getValue()))
                        .sorted()
                        .collect(Collectors.joining(", ")));
        AlarmRequest request =
                AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                        .setMemberID(member)
                        .setAlarm(AlarmType.CORRUPT)
                        .build();
        var _ = replicated.propose(Command.newBuilder().setAlarm(request).build()).get();
        alarms.incrementAndGet();
    }

    private static String words(StateHash state) {
        return "%s at revision %d, compacted up to %d"
                .formatted(
                        state.hash().isPresent()
                                ? "hash %08x".formatted(state.hash().getAsInt())
                                : "no hash",
                        state.revision(),
                        state.compactRevision());
    }

    /** Doesn't wait for one that is under way. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
