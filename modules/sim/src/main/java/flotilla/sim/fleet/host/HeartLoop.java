package flotilla.sim.fleet.host;

import flotilla.fleet.agent.Event;
import flotilla.fleet.agent.heart.Beat;
import flotilla.fleet.agent.heart.HeartMachine;
import flotilla.fleet.agent.heart.Step;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.fleet.keeper.Write;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The loop around a production {@link HeartMachine}, as {@code fleet.agent.loop.Heart} is. */
final class HeartLoop {
    private final Daemon daemon;
    private final Consumer<Event> agent;
    private final HeartMachine machine;
    private final Queue<Runnable> whenSaid = new ArrayDeque<>();
    private long wakeMillis = Long.MAX_VALUE;
    private boolean registered;

    /**
     * @param agent hears how the machine stands
     */
    HeartLoop(Daemon daemon, Consumer<Event> agent) {
        this.daemon = daemon;
        this.agent = agent;
        Duration ttl = Duration.ofMillis(daemon.host().around().habits().ttlMillis());
        this.machine = new HeartMachine(daemon.host().machine(), ttl, daemon.millis());
    }

    void begin() {
        hear(new Beat.Tick());
    }

    private void hear(Beat beat) {
        machine.on(beat, daemon.millis()).forEach(this::carryOut);
    }

    private void carryOut(Step step) {
        Keeper keeper = daemon.keeper();
        switch (step) {
            case Step.WakeAt(long millis) -> wake(millis);
            case Step.Grant grant ->
                    ask(
                            grant.order(),
                            () -> keeper.grant(daemon.host().nanosOf(grant.ttl().toMillis())),
                            lease -> new Beat.Granted(grant.order(), lease));
            case Step.Find find ->
                    ask(
                            find.order(),
                            () -> Optional.ofNullable(keeper.get(find.key())),
                            there -> new Beat.Found(find.order(), there));
            case Step.Announce announce -> announce(announce);
            case Step.Renew renew -> renew(renew);
            case Step.SayLeaving say -> say(say);
            case Step.Abandon _ -> registered = false;
            case Step.GiveBack back -> giveBack(back);
            case Step.Tell(Event event) -> {
                registered = registered || event instanceof Event.Registered;
                agent.accept(event);
            }
            case Step.Left _ -> whenSaid.remove().run();
            case Step.LearnMembers _, Step.Complain _, Step.Ended _ -> {
                // Nobody here listens.
            }
        }
    }

    private void wake(long millis) {
        wakeMillis = millis;
        daemon.after(
                millis - daemon.millis() + 1,
                "heart wakes",
                () -> {
                    if (wakeMillis == millis) {
                        wakeMillis = Long.MAX_VALUE;
                        hear(new Beat.Tick());
                    }
                });
    }

    private <T> void ask(long order, Supplier<T> question, Function<T, Beat> answer) {
        daemon.ask(
                question,
                Daemon.PATIENCE_MILLIS,
                given ->
                        hear(given.map(answer).orElseGet(() -> new Beat.Failed(order, "unknown"))));
    }

    private void announce(Step.Announce announce) {
        Write write =
                new Write(
                        List.of(
                                new Condition.Unchanged(
                                        announce.machine().key(), announce.revision())),
                        List.of(announce.machine()),
                        List.of(new Key.OfLeaving(announce.machine().machine().id())),
                        0,
                        announce.lease());
        ask(
                announce.order(),
                () -> daemon.keeper().commit(write),
                (OptionalLong revision) ->
                        revision.isPresent()
                                ? new Beat.Announced(announce.order(), revision.getAsLong())
                                : new Beat.Overtaken(announce.order()));
    }

    private void renew(Step.Renew renew) {
        long ttl = daemon.host().around().habits().ttlMillis();
        daemon.ask(
                () -> daemon.keeper().renew(renew.lease()),
                renew.patienceMillis(),
                there ->
                        hear(
                                there.<Beat>map(its ->
                                                new Beat.Renewed(renew.order(), its ? ttl : 0))
                                        .orElseGet(
                                                () -> new Beat.Failed(renew.order(), "unknown"))));
    }

    private void say(Step.SayLeaving say) {
        daemon.ask(
                () -> {
                    long lease = daemon.keeper().grant(say.time().toNanos());
                    Key key = new Key.OfMachine(say.how().machineId());
                    Condition same = new Condition.Unchanged(key, say.revision());
                    return daemon.keeper()
                            .commit(
                                    new Write(
                                            List.of(same),
                                            List.of(say.how()),
                                            List.of(),
                                            0,
                                            lease));
                },
                Daemon.PATIENCE_MILLIS,
                _ -> hear(new Beat.LeavingSaid()));
    }

    private void giveBack(Step.GiveBack back) {
        registered = false;
        daemon.ask(
                () -> {
                    daemon.keeper().revoke(back.lease());
                    return true;
                },
                Daemon.PATIENCE_MILLIS,
                _ -> hear(new Beat.GivenBack(back.order())));
    }

    /**
     * Says that the machine goes in order.
     *
     * @param stopped whether nothing of its units is left
     * @param then once it is said, or can't be
     */
    void sayLeaving(boolean stopped, Runnable then) {
        whenSaid.add(then);
        hear(new Beat.Leave(stopped));
    }

    /**
     * Says that the daemon ends and another one is about to begin.
     *
     * @param then once it is said, or can't be
     */
    void stay(Duration time, Runnable then) {
        whenSaid.add(then);
        hear(new Beat.Stay(time));
    }

    /** Takes the machine out of the cluster. */
    void close() {
        hear(new Beat.End(true));
    }

    boolean isRegistered() {
        return registered;
    }
}
