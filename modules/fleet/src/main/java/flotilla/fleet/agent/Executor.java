package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.machine.Init;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries steps out on the init and remembers what came of it. Orders to start and stop are given
 * and not waited for; only the agent's thread may call.
 */
final class Executor {
    private static final Logger log = LoggerFactory.getLogger(Executor.class);

    private final Init init;
    private final UnitLoader loader;
    private final Holdings holdings;
    private final Reports reports;
    private final Map<String, CompletableFuture<?>> orders = new HashMap<>();
    private boolean reloadDue;

    /** Hears, on any thread, what came of orders. */
    interface Reports {
        /**
         * A unit that is unloaded has stopped.
         *
         * @param problem why it may not have; empty when it has
         */
        void stopped(String unit, String problem);

        /** An order to start or to stop was carried out, as well as it could be. */
        void ended(String unit);
    }

    Executor(Init init, UnitLoader loader, Holdings holdings, Reports reports) {
        this.init = init;
        this.loader = loader;
        this.holdings = holdings;
        this.reports = reports;
    }

    /** Whether the unit's last order to start or to stop is still under way. */
    boolean isBusy(String unit) {
        CompletableFuture<?> last = orders.get(unit);
        return last != null && !last.isDone();
    }

    /** Whether files have changed that the init has not read again. */
    boolean reloadIsDue() {
        return reloadDue;
    }

    void carryOut(Step step) throws IOException {
        switch (step) {
            case Step.Unload unload -> unload(unload.unit());
            case Step.Load load -> load(load);
            case Step.Reload _ -> {
                init.reload();
                reloadDue = false;
            }
            case Step.Stop stop -> {
                order(Init.JobVerb.STOP, stop.unit());
                mark(stop.unit(), Phase.LOADED, stop.generation());
            }
            case Step.Start start -> {
                // Remembered after the order is out: a daemon that dies between orders it twice,
                // which the init takes as once.
                order(Init.JobVerb.START, start.unit());
                mark(start.unit(), Phase.LAUNCHED, start.generation());
            }
            case Step.Restart restart -> {
                order(Init.JobVerb.RESTART, restart.unit());
                mark(restart.unit(), Phase.LAUNCHED, restart.generation());
            }
        }
    }

    private void load(Step.Load step) throws IOException {
        loader.load(step.unit(), step.hash());
        reloadDue = true;
        try {
            holdings.put(step.unit(), new Held(step.hash(), Phase.LOADED, step.generation()));
        } catch (IOException e) {
            loader.discard(step.unit()); // Nobody else would.
            throw e;
        }
    }

    private void unload(String unit) {
        Held have = holdings.held().get(unit);
        if (have != null) {
            holdings.mark(unit, have.in(Phase.UNLOADING));
        }
        CompletableFuture<?> _ =
                init.job(Init.JobVerb.STOP, unit)
                        .whenComplete((result, failure) ->
                                reports.stopped(unit, problem(result, failure)));
    }

    /** Why a unit that was told to stop may not have; empty if it has. */
    private static String problem(Init.@Nullable JobResult result, @Nullable Throwable failure) {
        if (failure != null) {
            return failure.toString();
        }
        return result == Init.JobResult.DONE || result == Init.JobResult.NOT_LOADED
                ? ""
                : "the stop ended with " + result;
    }

    /** False when the unit has not stopped, and is to be unloaded again. */
    boolean removeStopped(String unit, String problem) throws IOException {
        if (!problem.isEmpty()) {
            log.error("{} can't be stopped, trying again: {}", unit, problem);
            unloadAgain(unit);
            return false;
        }
        loader.discard(unit);
        reloadDue = true;
        holdings.remove(unit);
        orders.remove(unit);
        return true;
    }

    /** Forgets that the unit is being unloaded, so that this is decided anew. */
    void unloadAgain(String unit) {
        holdings.unloadAgain(unit);
    }

    /** Removes the file of a unit that an earlier boot had. */
    void discard(String unit) {
        try {
            loader.discard(unit);
            reloadDue = true;
        } catch (IOException e) {
            log.warn("{} of an earlier boot stays: {}", unit, e.getMessage());
        }
    }

    private void mark(String unit, Phase phase, long generation) {
        Held have = holdings.held().get(unit);
        if (have != null) {
            holdings.mark(unit, have.in(phase, generation));
        }
    }

    /** Has the file of what is held catch up; false while it can't be written. */
    boolean remember() {
        return holdings.catchUp();
    }

    private void order(Init.JobVerb verb, String unit) {
        CompletableFuture<Init.JobResult> job = init.job(verb, unit);
        orders.put(unit, job);
        CompletableFuture<?> _ =
                job.whenComplete((result, failure) -> {
                    say(verb, unit, result, failure);
                    reports.ended(unit);
                });
    }

    private static void say(
            Init.JobVerb verb,
            String unit,
            Init.@Nullable JobResult result,
            @Nullable Throwable failure) {
        if (failure != null) {
            log.error("{} {}: {}", verb, unit, failure.toString());
        } else if (result != Init.JobResult.DONE) {
            log.warn("{} {}: {}", verb, unit, result);
        }
    }
}
