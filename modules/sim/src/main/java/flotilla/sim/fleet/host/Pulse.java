package flotilla.sim.fleet.host;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.fleet.job.Strikes;
import flotilla.sim.fleet.keeper.Write;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Keeps a machine in the cluster, as {@code fleet.agent.loop.Heart} does. */
final class Pulse {
    private static final long RETRY_MILLIS = 250;

    /** How long it stands that the machine went in order: Heart's GOODBYE. */
    private static final long GOODBYE_NANOS = Strikes.PROBATION.multipliedBy(2).toNanos();

    private final Daemon daemon;
    private final Listener listener;
    private @Nullable Renewals renewals;
    private boolean registered;
    private boolean leaving;

    /** Hears how the machine stands. */
    interface Listener {
        void registered(long lease, long revision, long sentMillis);

        void renewed(long lease, long sentMillis);

        void lost(long lease);
    }

    Pulse(Daemon daemon, Listener listener) {
        this.daemon = daemon;
        this.listener = listener;
    }

    void begin() {
        if (leaving) {
            return;
        }
        long ttl = daemon.host().around().habits().ttlMillis();
        long sent = daemon.millis();
        daemon.ask(
                () -> daemon.keeper().grant(daemon.host().nanosOf(ttl)),
                Daemon.PATIENCE_MILLIS,
                lease ->
                        lease.ifPresentOrElse(
                                id -> granted(id, new Renewals.Term(ttl, sent)), this::beginLater));
    }

    private void beginLater() {
        daemon.after(RETRY_MILLIS, "register", this::begin);
    }

    private void granted(long lease, Renewals.Term term) {
        registered = false;
        renewals =
                Renewals.begin(
                        daemon,
                        lease,
                        term,
                        new Renewals.Holder() {
                            @Override
                            public void renewed(long sentMillis) {
                                if (registered) {
                                    listener.renewed(lease, sentMillis);
                                }
                            }

                            @Override
                            public void lost() {
                                if (registered) {
                                    registered = false;
                                    listener.lost(lease);
                                    begin();
                                }
                            }
                        });
        Key key = new Key.OfMachine(daemon.host().id());
        daemon.ask(
                () -> Optional.ofNullable(daemon.keeper().get(key)),
                Daemon.PATIENCE_MILLIS,
                there -> there.ifPresentOrElse(known -> announce(key, known), this::giveUp));
    }

    private void giveUp() {
        Renewals held = renewals;
        if (held != null) {
            held.abandon();
        }
        beginLater();
    }

    private void announce(Key key, Optional<Stored> known) {
        Renewals held = renewals;
        if (held == null) {
            return;
        }
        long revision = known.map(Stored::revision).orElse(0L);
        Write write =
                new Write(
                        List.of(new Condition.Unchanged(key, revision)),
                        List.of(new Entry.OfMachine(daemon.host().machine())),
                        List.of(new Key.OfLeaving(daemon.host().id())),
                        0,
                        held.lease());
        daemon.ask(
                () -> daemon.keeper().commit(write),
                Daemon.PATIENCE_MILLIS,
                answer -> announced(held, answer));
    }

    private void announced(Renewals held, Optional<OptionalLong> answer) {
        if (answer.isEmpty()) {
            giveUp();
        } else if (answer.get().isEmpty()) {
            held.close();
            beginLater();
        } else {
            registered = held.isHeld();
            listener.registered(held.lease(), answer.get().getAsLong(), held.sentMillis());
            if (!registered) {
                beginLater();
            }
        }
    }

    /** Says that the machine goes in order. */
    void sayGoodbye(Runnable then) {
        leaving = true;
        if (!registered) {
            then.run();
            return;
        }
        Entry leaves = new Entry.OfLeaving(daemon.host().id(), false);
        daemon.ask(
                () -> {
                    long lease = daemon.keeper().grant(GOODBYE_NANOS);
                    return daemon.keeper()
                            .commit(new Write(List.of(), List.of(leaves), List.of(), 0, lease));
                },
                Daemon.PATIENCE_MILLIS,
                _ -> then.run());
    }

    /** Takes the machine out of the cluster. */
    void close() {
        Renewals held = renewals;
        if (held != null) {
            held.close();
        }
    }

    boolean isRegistered() {
        return registered;
    }
}
