package flotilla.sim.fleet.host;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.job.Now;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Scope;
import flotilla.sim.fleet.keeper.Tail;
import flotilla.sim.fleet.keeper.Way;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What one run of a machine's daemon stands on: its program, its clock, its way to the store. */
final class Daemon {
    /** How long an answer of the store's is waited for. */
    static final long PATIENCE_MILLIS = 5_000;

    private final Host host;
    private final Program program;
    private final Set<Tail> tails = new LinkedHashSet<>();

    Daemon(Host host, Program program) {
        this.host = host;
        this.program = program;
    }

    Host host() {
        return host;
    }

    Program program() {
        return program;
    }

    Keeper keeper() {
        return host.around().keeper();
    }

    long millis() {
        return host.clock().millis();
    }

    Now now() {
        return host.clock().now();
    }

    /** Later by its own clock. */
    void after(long millis, String what, Runnable deed) {
        program.after(host.clock().nanosFor(Math.max(0, millis)), what, deed);
    }

    /** At once, after what it takes a thread to run. */
    void soon(String what, Runnable deed) {
        program.after(host.around().world().random().nextLong(2_000_000), what, deed);
    }

    /**
     * @param answer hears on this program; empty when nobody knows
     */
    <T> void ask(Supplier<T> question, long patienceMillis, Consumer<Optional<T>> answer) {
        host.way()
                .ask(
                        question,
                        host.clock().nanosFor(patienceMillis),
                        given -> program.after(0, "answer", () -> answer.accept(given)));
    }

    Tail follow(Scope scope, Tail.Listener listener) {
        Tail tail =
                Tail.follow(
                        host.way(),
                        scope,
                        new Tail.Listener() {
                            @Override
                            public void reset(List<Stored> all, long revision) {
                                program.after(0, "listed", () -> listener.reset(all, revision));
                            }

                            @Override
                            public void changed(List<Change> changes, long revision) {
                                program.after(
                                        0, "heard", () -> listener.changed(changes, revision));
                            }
                        });
        tails.add(tail);
        return tail;
    }

    void unfollow(Tail tail) {
        tail.close();
        tails.remove(tail);
    }

    /** All its connections end, and are made again. */
    void breakWatches() {
        tails.forEach(Tail::breakOff);
    }

    Way way() {
        return host.way();
    }

    /** As {@code kill -9} does. */
    void end() {
        program.end();
        tails.forEach(Tail::close);
        tails.clear();
    }
}
