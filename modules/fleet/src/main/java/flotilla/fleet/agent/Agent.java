package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.registry.ChangeListener;
import flotilla.fleet.registry.Registry;
import flotilla.machine.Init;
import flotilla.machine.UnitState;
import flotilla.platform.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this machine's init do what the machine is told. One thread owns everything here; the store
 * and the init reach it by messages.
 *
 * <p>While the store does not answer nothing is changed and units keep running. A machine that was
 * cut off for longer than its lease finds on its return that its units were given away, and stops
 * them then: until that moment <em>two copies of a unit may run</em>, one on each side. Units that
 * must never run twice need a lock of their own in the store.
 */
public final class Agent implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);

    /** Pause before a step that failed is tried again. */
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(2);

    private final Registry registry;
    private final Init init;
    private final AgentConfig config;
    private final Holdings holdings;
    private final StatePublisher publisher;
    private final Executor executor;
    private final ScheduledExecutorService owner =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("agent").factory());
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private @Nullable Map<String, Told> told;
    private @Nullable ScheduledFuture<?> retry;
    private final Set<String> unloadable = new HashSet<>();
    private final Set<String> acknowledged = new HashSet<>();
    private boolean leaving;
    private @Nullable Registration following;
    private @Nullable Registration subscription;

    private Agent(Registry registry, Init init, AgentConfig config, StatePublisher publisher)
            throws IOException {
        this.registry = registry;
        this.init = init;
        this.config = config;
        this.publisher = publisher;
        this.holdings = Holdings.open(config.holdings(), config.bootId());
        this.executor =
                new Executor(init, new UnitLoader(registry, init), holdings, new Outcomes());
    }

    /**
     * Units that the init has from an earlier run of this daemon in the same boot stay as they are.
     *
     * @param heart tells under which lease states are published
     */
    public static Agent start(Registry registry, Init init, AgentConfig config, Heart heart)
            throws IOException {
        StatePublisher publisher = new StatePublisher(registry, config.machineId(), heart::lease);
        Agent agent = new Agent(registry, init, config, publisher);
        agent.tell(agent::begin);
        return agent;
    }

    private void begin() {
        holdings.stale().keySet().forEach(executor::discard);
        subscription = init.subscribe(state -> tell(() -> publish(List.of(state.name()))));
        publish(holdings.held().keySet());
        publisher.start();
    }

    /**
     * The machine is in the cluster, under a new lease: does what the machine is told from now on,
     * and says everything again. Not before: another machine may have its id, and be meant.
     */
    public void joined() {
        tell(() -> {
            if (following == null) {
                following =
                        registry.follow(
                                registry.layout().placements(config.machineId()), new Placements());
            }
        });
        publisher.republish();
    }

    /** Has the owner do something; nothing once closed. */
    private void tell(Runnable message) {
        try {
            owner.execute(() -> guarded(message));
        } catch (RejectedExecutionException e) {
            log.debug("agent is closed", e);
        }
    }

    /** A task that throws would end without a word, and what it was to do would stay undone. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | StackOverflowError e) {
            log.error("agent: failed, trying again", e);
            retryLater();
        }
    }

    private final class Outcomes implements Executor.Reports {
        @Override
        public void stopped(String unit, String problem) {
            tell(() -> Agent.this.stopped(unit, problem));
        }

        @Override
        public void ended(String unit) {
            tell(() -> acknowledge(unit));
        }
    }

    private final class Placements implements ChangeListener {
        @Override
        public void reset(List<Stored> all, long revision) {
            Map<String, Told> next = new TreeMap<>();
            for (Stored stored : all) {
                if (stored.entry() instanceof Entry.OfPlacement its) {
                    next.put(its.unit(), new Told(its.assignment(), stored.revision()));
                }
            }
            Set<String> unreadable = unreadable(all);
            tell(() -> {
                unreadable.forEach(unit -> {
                    Held have = holdings.held().get(unit);
                    if (have != null) {
                        next.put(unit, have.asIs());
                    }
                });
                told = next;
                reconcile();
            });
        }

        @Override
        public void changed(List<Change> changes, long revision) {
            tell(() -> {
                changes.forEach(Agent.this::apply);
                reconcile();
            });
        }
    }

    private static Set<String> unreadable(List<Stored> all) {
        Set<String> units = new HashSet<>();
        for (Stored stored : all) {
            if (stored.entry()
                    instanceof Entry.Unreadable(Key.OfPlacement(var machine, var unit))) {
                units.add(unit);
            }
        }
        return units;
    }

    private void apply(Change change) {
        Map<String, Told> known = told;
        if (known == null) {
            return;
        }
        if (change instanceof Change.Put(Entry.OfPlacement its, long revision)) {
            known.put(its.unit(), new Told(its.assignment(), revision));
        } else if (change instanceof Change.Removed(Key.OfPlacement(String machine, String unit))) {
            known.remove(unit);
        }
    }

    private void reconcile() {
        Map<String, Told> all = leaving ? Map.of() : told;
        if (all == null) {
            return;
        }
        forgetUnloadable(all);
        Set<String> failed = new HashSet<>();
        Set<String> touched = new HashSet<>();
        List<Step> steps = Reconciler.decide(all, holdings.held());
        for (Step step : steps) {
            String unit = unit(step);
            if (unit == null || !failed.contains(unit)) {
                run(step, failed, touched);
            }
        }
        if (executor.reloadIsDue()) {
            run(new Step.Reload("files were removed"), failed, touched);
        }
        publish(touched);
        acknowledge(all);
        if (!failed.isEmpty() || !executor.remember()) {
            retryLater();
        }
        if (leaving && holdings.held().isEmpty()) {
            emptied.complete(null);
        }
    }

    /** The unit a step is about; none for a reload. */
    private static @Nullable String unit(Step step) {
        return switch (step) {
            case Step.Unload unload -> unload.unit();
            case Step.Load load -> load.unit();
            case Step.Reload reload -> null;
            case Step.Stop stop -> stop.unit();
            case Step.Start start -> start.unit();
            case Step.Restart restart -> restart.unit();
        };
    }

    private void run(Step step, Set<String> failed, Set<String> touched) {
        String unit = unit(step);
        try {
            log.info("{}", step);
            executor.carryOut(step);
            if (unit != null) {
                touched.add(unit);
            }
        } catch (IOException | RuntimeException e) {
            log.error("{} failed, trying again: {}", step, e.getMessage());
            if (unit != null) {
                failed.add(unit);
                if (step instanceof Step.Load load) {
                    tellUnloadable(load, e);
                }
            } else {
                // Nothing that was just written may be started before the init has read it.
                failed.addAll(holdings.held().keySet());
            }
        }
    }

    private void tellUnloadable(Step.Load load, Exception e) {
        String reason = e.getMessage() == null ? e.toString() : e.getMessage();
        unloadable.add(load.unit());
        publisher.publish(
                new Entry.OfState(
                        PublishedState.unloadable(
                                load.unit(), config.machineId(), load.hash(), reason)));
    }

    /** What was said of units that the init never had, and that are not wanted here any more. */
    private void forgetUnloadable(Map<String, Told> all) {
        unloadable.removeAll(holdings.held().keySet());
        unloadable.removeIf(unit -> {
            boolean gone = !Told.isWanted(all.get(unit));
            if (gone) {
                publisher.withdraw(new Key.OfState(config.machineId(), unit));
            }
            return gone;
        });
    }

    /** The unit has stopped: only now its file may go, and another text of it may come. */
    private void stopped(String unit, String problem) {
        try {
            if (executor.removeStopped(unit, problem)) {
                publisher.withdraw(new Key.OfState(config.machineId(), unit));
                reconcile();
                return;
            }
        } catch (IOException | RuntimeException e) {
            log.error("{} can't be removed, trying again: {}", unit, e.getMessage());
            executor.unloadAgain(unit);
        }
        retryLater();
    }

    /** Answers to all the machine is told; what was answered to what is gone goes with it. */
    private void acknowledge(Map<String, Told> all) {
        acknowledged.removeIf(unit -> {
            boolean gone = !all.containsKey(unit);
            if (gone) {
                publisher.withdraw(new Key.OfAcknowledgement(config.machineId(), unit));
            }
            return gone;
        });
        all.keySet().forEach(this::acknowledge);
    }

    private void acknowledge(String unit) {
        Told its = told == null ? null : told.get(unit);
        if (its == null || leaving || executor.isBusy(unit)) {
            return;
        }
        Reconciler.answer(its, holdings.held().get(unit))
                .ifPresent(answer -> {
                    acknowledged.add(unit);
                    publisher.publish(
                            new Entry.OfAcknowledgement(config.machineId(), unit, answer));
                });
    }

    private void retryLater() {
        if (retry == null && !owner.isShutdown()) {
            retry =
                    owner.schedule(
                            () -> {
                                // Itself no longer waiting, so that it may ask for another.
                                retry = null;
                                guarded(this::reconcile);
                            },
                            RETRY_PAUSE.toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void publish(Collection<String> units) {
        Map<String, Held> held = holdings.held();
        List<String> ours = units.stream().filter(held::containsKey).toList();
        if (ours.isEmpty()) {
            return;
        }
        Map<String, UnitState> states = init.states(ours);
        for (String unit : ours) {
            Held have = held.get(unit);
            UnitState state = states.getOrDefault(unit, UnitState.notFound(unit));
            if (have != null) {
                publisher.publish(
                        new Entry.OfState(
                                new PublishedState(
                                        unit,
                                        config.machineId(),
                                        have.hash(),
                                        state.load(),
                                        state.active(),
                                        state.sub(),
                                        have.phase() == Phase.LAUNCHED,
                                        "")));
            }
        }
    }

    /** Stops and removes every unit of fleet's; returns when they are gone or the limit is up. */
    public void unloadAll(Duration limit) throws InterruptedException {
        tell(() -> {
            leaving = true;
            reconcile();
        });
        try {
            emptied.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("some units have not stopped within {}; leaving them", limit);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops looking after units, which stay as they are. */
    @Override
    public void close() {
        tell(() -> {
            if (following != null) {
                following.close();
            }
            if (subscription != null) {
                subscription.close();
            }
            publisher.close();
        });
        owner.shutdown();
    }
}
