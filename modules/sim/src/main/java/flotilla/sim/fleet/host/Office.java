package flotilla.sim.fleet.host;

import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Action;
import flotilla.fleet.engine.Action.Carry;
import flotilla.fleet.engine.EngineMachine;
import flotilla.fleet.engine.Event;
import flotilla.fleet.engine.Execution;
import flotilla.fleet.engine.Execution.Bundle;
import flotilla.fleet.job.Now;
import flotilla.sim.fleet.keeper.Scope;
import flotilla.sim.fleet.keeper.Tail;
import flotilla.sim.fleet.keeper.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A candidate for engine, and its terms of office, as {@code fleet.engine.office} has them: the
 * loop around a production {@link EngineMachine}, which hears nothing while it waits for the store.
 */
final class Office {
    /** Of an engine's lease. */
    private static final long TTL_MILLIS = 3_000;

    private static final long RETRY_MILLIS = 500;

    /** How often it looks who leads, and whether it still has its lease. */
    private static final long BEAT_MILLIS = 250;

    /** Registry.MAX_OPERATIONS. */
    private static final int OPERATIONS_MAX = 120;

    private final Daemon daemon;
    private @Nullable Renewals renewals;
    private @Nullable Reign reign;

    Office(Daemon daemon) {
        this.daemon = daemon;
    }

    boolean leads() {
        return reign != null;
    }

    void stand() {
        long sent = daemon.millis();
        daemon.ask(
                () -> daemon.keeper().grant(daemon.host().nanosOf(TTL_MILLIS)),
                Daemon.PATIENCE_MILLIS,
                lease -> lease.ifPresentOrElse(id -> campaign(id, sent), this::standLater));
    }

    private void standLater() {
        daemon.after(RETRY_MILLIS, "stand", this::stand);
    }

    private void campaign(long lease, long sent) {
        Renewals held = Renewals.begin(daemon, lease, TTL_MILLIS, sent);
        renewals = held;
        await(held);
    }

    private void await(Renewals held) {
        daemon.ask(
                () -> {
                    boolean stands = daemon.keeper().stand(held.lease());
                    return !stands ? -1 : daemon.keeper().leader() == held.lease() ? 1 : 0;
                },
                Daemon.PATIENCE_MILLIS,
                answer -> {
                    if (answer.isEmpty() || answer.get() < 0 || !held.isHeld()) {
                        held.close();
                        standLater();
                    } else if (answer.get() == 1) {
                        reign = new Reign(held);
                    } else {
                        daemon.after(BEAT_MILLIS, "await election", () -> await(held));
                    }
                });
    }

    /** Gives leadership back. */
    void close() {
        Renewals held = renewals;
        if (held != null) {
            held.close();
        }
        Reign current = reign;
        if (current != null) {
            current.over = true;
            daemon.unfollow(current.tail);
            reign = null;
        }
    }

    /** One term. */
    private final class Reign {
        private final Renewals held;
        private final EngineMachine machine = new EngineMachine();
        private final Foresight foresight = new Foresight(daemon.host().around().world());
        private final Tail tail;
        private final List<Event> inbox = new ArrayList<>();
        private final List<Event> taken = new ArrayList<>();
        private @Nullable Execution execution;
        private boolean turnComes;
        private boolean over;
        private long wakeMillis = Long.MAX_VALUE;

        Reign(Renewals held) {
            this.held = held;
            this.tail =
                    daemon.follow(
                            new Scope.Cluster(),
                            new Tail.Listener() {
                                @Override
                                public void reset(List<Stored> all, long revision) {
                                    hear(new Event.Listed(all, revision));
                                }

                                @Override
                                public void changed(List<Change> changes, long revision) {
                                    hear(new Event.Changed(changes, revision));
                                }
                            });
            beat();
        }

        /** Also the tick, as the inbox of the real one is waited for no longer. */
        private void beat() {
            if (!over) {
                turn();
                long rest = Math.clamp(wakeMillis - daemon.millis(), 1, BEAT_MILLIS);
                daemon.after(rest, "beat", this::beat);
            }
        }

        private void hear(Event event) {
            inbox.add(event);
            turn();
        }

        private void turn() {
            if (!turnComes && !over && execution == null) {
                turnComes = true;
                daemon.soon("engine", this::run);
            }
        }

        private void run() {
            turnComes = false;
            if (over || execution != null) {
                return;
            }
            if (!held.isHeld()) {
                end();
                return;
            }
            taken.addAll(Event.together(inbox));
            inbox.clear();
            if (taken.isEmpty() && daemon.millis() >= wakeMillis) {
                taken.add(new Event.Tick());
            }
            while (!taken.isEmpty() && execution == null) {
                execute(step(taken.removeFirst()));
            }
        }

        private List<Carry> step(Event event) {
            List<Carry> decisions = new ArrayList<>();
            Now now = daemon.now();
            foresight.hear(event, now);
            for (Action action : machine.on(event, now)) {
                switch (action) {
                    case Carry carry -> decisions.add(carry);
                    case Action.WakeAt(long monotonicMillis) -> wakeMillis = monotonicMillis;
                }
            }
            foresight.requirePlanned(decisions, now);
            return decisions;
        }

        private void execute(List<Carry> decided) {
            if (!decided.isEmpty() && held.isHeld()) {
                execution = new Execution(decided, daemon.now().wallMillis(), OPERATIONS_MAX);
                commit(execution);
            }
        }

        private void commit(Execution current) {
            Optional<Bundle> next = current.next();
            if (next.isEmpty()) {
                executed(current);
                return;
            }
            Bundle bundle = next.get();
            Write write =
                    new Write(
                            bundle.conditions(),
                            bundle.puts(),
                            bundle.deletes(),
                            held.lease(),
                            0,
                            bundle.deeds());
            daemon.ask(
                    () -> daemon.keeper().commit(write),
                    Daemon.PATIENCE_MILLIS,
                    answer -> {
                        tell(current, answer);
                        commit(current);
                    });
        }

        private void tell(Execution current, Optional<OptionalLong> answer) {
            if (answer.isEmpty()) {
                current.unknown();
            } else if (answer.get().isPresent()) {
                current.done(answer.get().getAsLong());
            } else {
                current.refused();
            }
        }

        private void executed(Execution current) {
            List<Event> outcomes = current.outcomes();
            if (outcomes.stream().allMatch(Event.Refused.class::isInstance)) {
                daemon.ask(
                        () -> daemon.keeper().stands(held.lease()),
                        Daemon.PATIENCE_MILLIS,
                        leads -> {
                            if (leads.orElse(true)) {
                                goOn(outcomes);
                            } else {
                                end();
                            }
                        });
            } else {
                goOn(outcomes);
            }
        }

        private void goOn(List<Event> outcomes) {
            execution = null;
            List<Carry> decided = new ArrayList<>();
            outcomes.forEach(outcome -> decided.addAll(step(outcome)));
            execute(decided);
            turn();
        }

        private void end() {
            over = true;
            reign = null;
            daemon.unfollow(tail);
            held.close();
            stand();
        }
    }
}
