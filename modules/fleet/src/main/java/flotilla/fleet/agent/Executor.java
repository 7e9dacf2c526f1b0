package flotilla.fleet.agent;

import flotilla.fleet.agent.Held.Phase;
import flotilla.machine.Init;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
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
    private final BiConsumer<String, String> onStopped;
    private boolean reloadDue;

    /**
     * @param onStopped hears, on any thread, that a unit that is unloaded has stopped, or why not;
     *     an empty text says that it has
     */
    Executor(
            Init init, UnitLoader loader, Holdings holdings, BiConsumer<String, String> onStopped) {
        this.init = init;
        this.loader = loader;
        this.holdings = holdings;
        this.onStopped = onStopped;
    }

    /** Whether files have changed that the init has not read again. */
    boolean reloadIsDue() {
        return reloadDue;
    }

    void carryOut(Step step) throws IOException {
        switch (step) {
            case Step.Unload unload -> unload(unload.unit());
            case Step.Load load -> load(load.unit(), load.hash());
            case Step.Reload _ -> {
                init.reload();
                reloadDue = false;
            }
            case Step.Stop stop -> {
                job(Init.JobVerb.STOP, stop.unit());
                mark(stop.unit(), Phase.LOADED);
            }
            case Step.Start start -> {
                // Remembered after the order is out: a daemon that dies between orders it twice,
                // which the init takes as once.
                job(Init.JobVerb.START, start.unit());
                mark(start.unit(), Phase.LAUNCHED);
            }
        }
    }

    private void load(String unit, String hash) throws IOException {
        loader.load(unit, hash);
        reloadDue = true;
        try {
            holdings.put(unit, new Held(hash, Phase.LOADED));
        } catch (IOException e) {
            loader.discard(unit); // Nobody else would.
            throw e;
        }
    }

    private void unload(String unit) {
        mark(unit, Phase.UNLOADING);
        CompletableFuture<?> _ =
                init.job(Init.JobVerb.STOP, unit)
                        .whenComplete((result, failure) ->
                                onStopped.accept(unit, problem(result, failure)));
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

    private void mark(String unit, Phase phase) {
        Held have = holdings.held().get(unit);
        if (have != null) {
            holdings.mark(unit, have.in(phase));
        }
    }

    /** Has the file of what is held catch up; false while it can't be written. */
    boolean remember() {
        return holdings.catchUp();
    }

    private void job(Init.JobVerb verb, String unit) {
        CompletableFuture<?> _ =
                init.job(verb, unit)
                        .whenComplete((result, failure) -> finished(verb, unit, result, failure));
    }

    private static void finished(
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
