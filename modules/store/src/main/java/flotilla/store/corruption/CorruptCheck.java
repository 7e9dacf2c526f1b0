package flotilla.store.corruption;

import flotilla.platform.metrics.Metrics;
import flotilla.protocol.AlarmMember;
import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmType;
import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.command.Command;
import flotilla.store.log.Membership;
import flotilla.store.log.OtherStates;
import flotilla.store.log.ReplicatedLog;
import flotilla.store.log.StateHash;
import flotilla.store.view.EtcdStateMachine;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the members' states now and then, as long as this member leads, and raises the alarm
 * CORRUPT for those that differ. A comparison without an end is made again soon, and one whose
 * alarm was refused by whoever found it, leader or not: until then writes go on. It is compared
 * anew, for a member may have been mended meanwhile, and must not be named then. Belongs to the
 * loop, and never waits.
 */
public final class CorruptCheck implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CorruptCheck.class);

    /** Before members that are behind are asked again. */
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final EtcdStateMachine machine;
    private final ReplicatedLog replicated;
    private final OtherStates others;
    private final Means means;
    private final AtomicLong checks = new AtomicLong();
    private final AtomicLong alarms = new AtomicLong();
    private volatile boolean closed;

    /** Comparisons without an end, one after the other. */
    private int failures;

    /** Whether the last comparison found what no alarm says yet. */
    private boolean unsaid;

    public CorruptCheck(
            EtcdStateMachine machine, ReplicatedLog replicated, OtherStates others, Means means) {
        this.machine = machine;
        this.replicated = replicated;
        this.others = others;
        this.means = means;
    }

    /** From now on, with a pause before each. */
    public void begin(Duration pause) {
        next(new Rhythm(pause));
    }

    private void next(Rhythm rhythm) {
        means.loop().after(rhythm.pause(failures).toNanos(), () -> run(rhythm));
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

    private void run(Rhythm rhythm) {
        if (closed) {
            return;
        }
        CompletableFuture<Void> check =
                unsaid || replicated.status().isLeader()
                        ? compare()
                        : CompletableFuture.completedFuture(null);
        CompletableFuture<Void> _ =
                check.whenCompleteAsync(
                        (_, failure) -> {
                            ended(failure, rhythm);
                            next(rhythm);
                        },
                        means.loop());
    }

    private void ended(@Nullable Throwable failure, Rhythm rhythm) {
        if (failure == null) {
            failures = 0;
            unsaid = false;
            return;
        }
        failures++;
        if (!closed) {
            log.warn(
                    "comparing the members' states has come to no end ({}); it is done again in {} s",
                    reason(failure),
                    rhythm.pause(failures).toSeconds());
        }
    }

    private CompletableFuture<Void> compare() {
        return CompletableFuture.supplyAsync(() -> machine.hashAt(0), means.worker())
                .thenComposeAsync(
                        own ->
                                Inquiry.waiting(others, means, AGAIN)
                                        .ask(own)
                                        .thenCompose(answers -> judge(own, answers)),
                        means.loop());
    }

    private CompletableFuture<Void> judge(StateHash own, Inquiry.Answers answers) {
        Set<Long> members =
                others.members().stream().map(Membership.Peer::id).collect(Collectors.toSet());
        // Nobody stops writing for one that was removed meanwhile.
        answers.states().keySet().retainAll(members);
        Comparison comparison =
                new Comparison(replicated.status().memberId(), own, answers.states());
        checks.incrementAndGet();
        log.info(
                "compared the state up to revision {} with {} of {} other members: {} differ{}",
                own.revision(),
                comparison.compared().size(),
                members.size(),
                comparison.different().size(),
                answers.silent().isEmpty() ? "" : "; no answer: " + answers.silent().values());
        Set<Long> corrupt = comparison.corrupt(members.size() + 1);
        unsaid = !corrupt.isEmpty();
        CompletableFuture<Void> raised = CompletableFuture.completedFuture(null);
        for (long member : corrupt) {
            raised = raised.thenCompose(_ -> raise(member, comparison));
        }
        return raised;
    }

    private CompletableFuture<Void> raise(long member, Comparison comparison) {
        AlarmMember alarm =
                AlarmMember.newBuilder().setMemberID(member).setAlarm(AlarmType.CORRUPT).build();
        if (machine.alarms().all().contains(alarm)) {
            return CompletableFuture.completedFuture(null);
        }
        AlarmRequest request =
                AlarmRequest.newBuilder()
                        .setAction(AlarmRequest.AlarmAction.ACTIVATE)
                        .setMemberID(member)
                        .setAlarm(AlarmType.CORRUPT)
                        .build();
        return replicated
                .propose(Command.newBuilder().setAlarm(request).build())
                .thenAccept(applied -> {
                    if (applied instanceof Applied.Refused(EtcdError why)) {
                        throw new EtcdException(why);
                    }
                    alarms.incrementAndGet();
                })
                .whenComplete((_, failure) -> say(member, comparison, failure));
    }

    private static void say(long member, Comparison comparison, @Nullable Throwable failure) {
        String whose =
                member == Comparison.NOBODY_KNOWS_WHO
                        ? "no member, as no majority holds the same"
                        : "member " + Long.toHexString(member);
        if (failure == null) {
            log.error(
                    "alarm CORRUPT, for {}: the members' states differ ({}). Writes are refused"
                            + " until it is disarmed. Stop that member, delete member/state/live in"
                            + " its data directory, start it: its state is made anew; then 'etcdctl"
                            + " alarm disarm'",
                    whose,
                    words(comparison));
        } else {
            log.error(
                    "alarm CORRUPT, for {}, is not raised yet ({}), and writes may go on: the"
                            + " members' states differ ({})",
                    whose,
                    reason(failure),
                    words(comparison));
        }
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof EtcdException refusal
                ? refusal.error().text()
                : String.valueOf(cause);
    }

    private static String words(Comparison comparison) {
        return "up to revision %d this one, %s, has %s; others %s"
                .formatted(
                        comparison.own().revision(),
                        Long.toHexString(comparison.self()),
                        words(comparison.own()),
                        comparison.others().entrySet().stream()
                                .map(other ->
                                        Long.toHexString(other.getKey())
                                                + " "
                                                + words(other.getValue()))
                                .sorted()
                                .collect(Collectors.joining(", ")));
    }

    private static String words(StateHash state) {
        return "%s at revision %d, compacted up to %d, entry %d"
                .formatted(
                        state.hash().isPresent()
                                ? "hash %08x".formatted(state.hash().getAsInt())
                                : "no hash",
                        state.revision(),
                        state.compactRevision(),
                        state.applied());
    }

    /** One that is under way ends, and there is no other. */
    @Override
    public void close() {
        closed = true;
    }
}
