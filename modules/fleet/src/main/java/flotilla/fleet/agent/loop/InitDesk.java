package flotilla.fleet.agent.loop;

import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.Event;
import flotilla.machine.Init;
import flotilla.machine.Init.JobResult;
import flotilla.machine.Init.UnitDirectory;
import flotilla.machine.UnitState;
import flotilla.platform.Clock;
import flotilla.units.UnitFile;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the init do what the agent orders, on the caller's thread. Orders to start, to stop and to
 * reload are given and not waited for. Whatever comes of it comes as an event, on any thread.
 */
final class InitDesk {
    private static final Logger log = LoggerFactory.getLogger(InitDesk.class);

    private final Init init;
    private final Diary diary;
    private final Clock clock;
    private final Consumer<Event> events;

    InitDesk(Init init, Diary diary, Clock clock, Consumer<Event> events) {
        this.init = init;
        this.diary = diary;
        this.clock = clock;
        this.events = events;
    }

    /** What may fail here. */
    private interface Deed {
        void run() throws IOException;
    }

    /** Why it failed; empty when it did not. */
    private static String problem(Object what, Deed deed) {
        try {
            deed.run();
            return "";
        } catch (IOException | RuntimeException | StackOverflowError e) {
            log.error("{} failed, trying again: {}", what, e.getMessage());
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    void load(Action.Load load) {
        log.info("load {}: {}", load.unit(), load.reason());
        String problem = problem("loading " + load.unit(), () -> write(load));
        events.accept(new Event.Loaded(load.order(), load.unit(), problem));
    }

    /** The diary last: what it does not know of must not be started, for nobody would remove it. */
    private void write(Action.Load load) throws IOException {
        String unit = load.unit();
        try {
            init.write(UnitDirectory.RUNTIME, unit, load.text());
            if (UnitFile.parse(load.text()).hasSection("Install")) {
                init.enable(unit, UnitDirectory.RUNTIME);
            }
            diary.put(unit, load.as());
        } catch (IOException | RuntimeException e) {
            if (!diary.held().containsKey(unit)) {
                init.remove(UnitDirectory.RUNTIME, unit);
            }
            throw e;
        }
    }

    /** Not waited for either: an init with much that runs takes its time. */
    void reload(Action.Reload reload) {
        try {
            CompletableFuture<?> _ =
                    init.reload().whenComplete((_, failure) -> reloaded(reload, failure));
        } catch (RuntimeException | StackOverflowError e) {
            reloaded(reload, e);
        }
    }

    private void reloaded(Action.Reload reload, @Nullable Throwable failure) {
        String problem = "";
        if (failure != null) {
            Throwable why =
                    failure instanceof CompletionException wrapped && wrapped.getCause() != null
                            ? wrapped.getCause()
                            : failure;
            problem = why.getMessage() == null ? why.toString() : why.getMessage();
            log.error("reloading the init failed, trying again: {}", problem);
        }
        events.accept(new Event.Reloaded(reload.order(), problem));
    }

    void order(Action.Order order) {
        log.info("{} {}: {}", order.verb(), order.unit(), order.reason());
        try {
            CompletableFuture<?> _ =
                    init.job(order.verb(), order.unit())
                            .whenComplete((result, failure) -> ended(order, result, failure));
        } catch (RuntimeException | StackOverflowError e) {
            ended(order, null, e);
        }
    }

    private void ended(
            Action.Order order, @Nullable JobResult result, @Nullable Throwable failure) {
        if (failure != null) {
            log.error("{} {}: {}", order.verb(), order.unit(), failure.toString());
        } else if (result != JobResult.DONE) {
            log.warn("{} {}: {}", order.verb(), order.unit(), result);
        }
        events.accept(
                new Event.Ended(
                        order.order(),
                        order.unit(),
                        Optional.ofNullable(result).filter(known -> known != JobResult.UNKNOWN)));
    }

    void kill(Action.Kill kill) {
        log.warn("killing {}: {}", kill.unit(), kill.reason());
        var _ = problem("killing " + kill.unit(), () -> init.kill(kill.unit()));
    }

    void discard(Action.Discard discard) {
        String unit = discard.unit();
        String problem =
                problem(
                        "removing " + unit,
                        () -> {
                            remove(unit);
                            diary.remove(unit);
                        });
        events.accept(new Event.Discarded(discard.order(), unit, problem));
    }

    private void remove(String unit) throws IOException {
        init.remove(UnitDirectory.RUNTIME, unit);
        init.resetFailed(unit);
    }

    /** Removes the file of a unit that an earlier boot had. */
    void discardStale(String unit) {
        try {
            remove(unit);
        } catch (IOException e) {
            log.warn("{} of an earlier boot stays: {}", unit, e.getMessage());
        }
    }

    void look(Action.Look look) {
        Map<String, Event.Seen> seen = new HashMap<>();
        var _ =
                problem(
                        "asking the init for its units",
                        () -> {
                            Map<String, UnitState> states = init.states(look.units());
                            for (Map.Entry<String, UnitState> unit : states.entrySet()) {
                                seen.put(
                                        unit.getKey(),
                                        new Event.Seen(unit.getValue(), text(unit.getKey())));
                            }
                        });
        events.accept(new Event.Looked(look.order(), seen));
    }

    private Optional<String> text(String unit) throws IOException {
        return init.read(UnitDirectory.RUNTIME, unit);
    }

    /** Waited for: a unit may start only when the init has taken how long it may run. */
    void guard(Action.Guard guard) {
        long millis = guard.untilMillis() - TimeUnit.NANOSECONDS.toMillis(clock.nanos());
        var _ =
                problem(
                        "telling the init how long units may run",
                        () -> init.permit(guard.units(), Duration.ofMillis(Math.max(0, millis))));
    }
}
