package flotilla.fleet.engine.office;

import flotilla.client.Election.Leadership;
import flotilla.client.LeaseKeeper;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.EngineMachine;
import flotilla.fleet.engine.Event;
import flotilla.fleet.job.Now;
import flotilla.fleet.registry.ChangeListener;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One term of office: the loop around an {@link EngineMachine}. The thread that runs it owns the
 * machine; changes reach it through a queue, and decisions are carried out on it.
 */
final class Reign {
    /** Batches of changes waiting; beyond it the watch waits, and with it the store. */
    private static final int INBOX = 1_024;

    /** How often it looks whether it still has its lease. */
    private static final Duration BEAT = Duration.ofMillis(500);

    private final Registry registry;
    private final LeaseKeeper lease;
    private final EngineMetrics metrics;
    private final Executor executor;
    private final Clock clock = Clock.system();
    private final EngineMachine machine = new EngineMachine();
    private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>(INBOX);
    private long wakeMillis = Long.MAX_VALUE;
    private boolean deposed;
    private volatile boolean decided;

    Reign(Registry registry, Leadership leadership, LeaseKeeper lease, EngineMetrics metrics) {
        this.registry = registry;
        this.lease = lease;
        this.metrics = metrics;
        this.executor = new Executor(registry, leadership, clock);
    }

    /** Returns when the lease is lost, or somebody took the leader's key away. */
    void run() throws InterruptedException {
        try (Registration following =
                registry.follow(registry.layout().cluster(), new Inbox(inbox))) {
            while (lease.held() && !deposed) {
                for (Event event : hear()) {
                    take(event);
                }
            }
        }
    }

    /** Whether it could decide at least once; for any thread. */
    boolean hasDecided() {
        return decided;
    }

    private record Inbox(BlockingQueue<Event> queue) implements ChangeListener {
        @Override
        public void reset(List<Stored> all, long revision) {
            put(new Event.Listed(all, revision));
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            put(new Event.Changed(changes, revision));
        }

        private void put(Event event) {
            try {
                queue.put(event);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What has come, changes that wait together as one; a tick when it is time for it. */
    private List<Event> hear() throws InterruptedException {
        long restMillis = Math.clamp(wakeMillis - now().monotonicMillis(), 0, BEAT.toMillis());
        Event first = inbox.poll(restMillis, TimeUnit.MILLISECONDS);
        if (first == null) {
            return now().monotonicMillis() >= wakeMillis ? List.of(new Event.Tick()) : List.of();
        }
        List<Event> waiting = new ArrayList<>(List.of(first));
        inbox.drainTo(waiting);
        return Event.together(waiting);
    }

    /** Feeds one event, carries out what comes of it, and feeds what came of that. */
    private void take(Event event) {
        List<Carry> decided = step(event);
        while (!decided.isEmpty() && lease.held() && !deposed) {
            List<Event> outcomes = executor.execute(decided);
            int done = (int) outcomes.stream().filter(Event.Done.class::isInstance).count();
            metrics.reconciled(outcomes.size(), outcomes.size() - done);
            deposed =
                    outcomes.stream().allMatch(Event.Refused.class::isInstance)
                            && !executor.leads();
            decided = new ArrayList<>();
            for (Event outcome : outcomes) {
                decided.addAll(step(outcome));
            }
        }
    }

    private List<Carry> step(Event event) {
        long begun = clock.nanos();
        List<Action> actions = machine.on(event, now());
        decided |= event instanceof Event.Listed;
        List<Carry> decisions = new ArrayList<>();
        for (Action action : actions) {
            switch (action) {
                case Carry carry -> decisions.add(carry);
                case Action.WakeAt(long monotonicMillis) -> wakeMillis = monotonicMillis;
            }
        }
        if (!isOutcome(event) || !decisions.isEmpty()) {
            metrics.took(Duration.ofNanos(clock.nanos() - begun));
        }
        return decisions;
    }

    private static boolean isOutcome(Event event) {
        return switch (event) {
            case Event.Done _, Event.Refused _, Event.Unknown _ -> true;
            case Event.Listed _, Event.Changed _, Event.Tick _ -> false;
        };
    }

    private Now now() {
        return new Now(TimeUnit.NANOSECONDS.toMillis(clock.nanos()), clock.now().toEpochMilli());
    }
}
