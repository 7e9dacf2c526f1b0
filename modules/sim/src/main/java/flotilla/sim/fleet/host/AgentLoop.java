package flotilla.sim.fleet.host;

import flotilla.fleet.agent.Action;
import flotilla.fleet.agent.AgentMachine;
import flotilla.fleet.agent.Event;
import flotilla.fleet.agent.Fence;
import flotilla.fleet.cluster.Change;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.cluster.Stored;
import flotilla.machine.UnitState;
import flotilla.sim.fleet.keeper.Scope;
import flotilla.sim.fleet.keeper.Tail;
import flotilla.sim.fleet.keeper.Write;
import flotilla.sim.world.World;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The loop around a production {@link AgentMachine}, as {@code fleet.agent.loop.Agent} is. */
final class AgentLoop {
    /** In the path of a check that never answers well. */
    private static final String SICK = "/bin/sick-";

    private final Daemon daemon;
    private final World world;
    private final SimulatedInit init;
    private final AgentMachine machine;
    private final Deque<Event> inbox = new ArrayDeque<>();
    private final Queue<UnitState> onTheWay = new ArrayDeque<>();
    private final Runnable onLeft;
    private @Nullable Tail tail;
    private boolean turnComes;
    private long wakeMillis;
    private long alarmMillis = Long.MAX_VALUE;

    AgentLoop(Daemon daemon, Runnable onLeft) {
        this.daemon = daemon;
        this.world = daemon.host().around().world();
        this.init = daemon.host().init();
        this.onLeft = onLeft;
        Fence fence = Fence.of(Duration.ofMillis(daemon.host().around().habits().ttlMillis()));
        this.machine =
                new AgentMachine(daemon.host().id(), fence, daemon.host().diary(), daemon.now());
        init.subscribe(this::initSays);
        this.wakeMillis = daemon.millis();
        turn();
    }

    /** In the order in which it was read; against what else comes each takes its own time. */
    private void initSays(UnitState state) {
        onTheWay.add(state);
        daemon.soon("init says", () -> hear(new Event.Changed(onTheWay.remove())));
    }

    void leave() {
        hear(new Event.Leave());
    }

    /** A renewal is first in the queue, as in production. */
    void hear(Event event) {
        if (event instanceof Event.Renewed) {
            inbox.addFirst(event);
        } else {
            inbox.add(event);
        }
        turn();
    }

    private void turn() {
        if (!turnComes) {
            turnComes = true;
            long pace =
                    world.chance(init.habits().busyPermille())
                            ? world.about(2_000_000_000L)
                            : world.random().nextLong(2_000_000);
            daemon.program().after(pace, "agent", this::run);
        }
    }

    private void run() {
        turnComes = false;
        Event event = inbox.poll();
        if (event == null && daemon.millis() >= wakeMillis) {
            wakeMillis = Long.MAX_VALUE;
            event = new Event.Tick();
        }
        if (event != null) {
            machine.on(event, daemon.now()).forEach(this::carryOut);
        }
        if (!inbox.isEmpty()) {
            turn();
        } else {
            arm();
        }
    }

    private void arm() {
        if (wakeMillis < alarmMillis) {
            alarmMillis = wakeMillis;
            long mine = alarmMillis;
            daemon.after(
                    wakeMillis - daemon.millis() + 1,
                    "agent wakes",
                    () -> {
                        if (alarmMillis == mine) {
                            alarmMillis = Long.MAX_VALUE;
                        }
                        turn();
                    });
        }
    }

    private void carryOut(Action action) {
        Map<String, flotilla.fleet.agent.Held> diary = daemon.host().diary();
        switch (action) {
            case Action.WakeAt(long millis) -> wakeMillis = millis;
            case Action.Left _ -> onLeft.run();
            case Action.ListPlacements list -> list(list.order());
            case Action.ReadTexts read -> read(read);
            case Action.Say say -> say(say);
            case Action.AskSaid ask -> askSaid(ask.order());
            case Action.Load load -> {
                String problem = init.write(load.unit(), load.text());
                if (problem.isEmpty()) {
                    diary.put(load.unit(), load.as());
                }
                inbox.add(new Event.Loaded(load.order(), load.unit(), problem));
            }
            case Action.Reload(long order) -> {
                init.reload();
                inbox.add(new Event.Reloaded(order, ""));
            }
            case Action.Fetch(long order, String unit, var wishes) -> {
                String problem = world.chance(100) ? "no machine that is there has it" : "";
                daemon.soon("images come", () -> hear(new Event.Fetched(order, unit, problem)));
            }
            case Action.Order order ->
                    init.job(
                            order.verb(),
                            order.unit(),
                            result ->
                                    daemon.soon(
                                            "job ends",
                                            () ->
                                                    hear(
                                                            new Event.Ended(
                                                                    order.order(),
                                                                    order.unit(),
                                                                    result))));
            case Action.Kill kill -> init.kill(kill.unit());
            case Action.Discard(long order, String unit) -> {
                init.remove(unit);
                diary.remove(unit);
                inbox.add(new Event.Discarded(order, unit, ""));
            }
            case Action.Probe(long order, String unit, var check) -> {
                String problem = check.toString().contains(SICK) ? "is sick" : "";
                daemon.soon("check answers", () -> hear(new Event.Probed(order, unit, problem)));
            }
            case Action.Look look -> look(look);
            case Action.Note(String unit, var as) -> diary.replace(unit, as);
            case Action.Guard guard ->
                    init.permit(guard.units(), Math.max(0, guard.untilMillis() - daemon.millis()));
        }
    }

    private void list(long order) {
        if (tail != null) {
            daemon.unfollow(tail);
        }
        tail =
                daemon.follow(
                        new Scope.Placements(daemon.host().id()),
                        new Tail.Listener() {
                            @Override
                            public void reset(List<Stored> all, long revision) {
                                hear(Event.Listed.of(order, all, revision));
                            }

                            @Override
                            public void changed(List<Change> changes, long revision) {
                                hear(new Event.Heard(order, changes));
                            }
                        });
    }

    private void read(Action.ReadTexts read) {
        daemon.ask(
                () -> {
                    Map<String, String> texts = new HashMap<>();
                    for (String hash : read.hashes()) {
                        Stored there = daemon.keeper().get(new Key.OfText(hash));
                        if (there != null && there.entry() instanceof Entry.OfText text) {
                            texts.put(hash, text.text());
                        }
                    }
                    return texts;
                },
                Daemon.PATIENCE_MILLIS,
                texts ->
                        hear(
                                new Event.TextsRead(
                                        read.order(),
                                        texts.orElse(Map.of()),
                                        texts.isPresent() ? "" : "no answer")));
    }

    private void say(Action.Say say) {
        List<Entry> puts = new ArrayList<>();
        List<Key> deletes = new ArrayList<>();
        say.entries()
                .forEach((key, entry) -> entry.ifPresentOrElse(puts::add, () -> deletes.add(key)));
        Write write = new Write(List.of(), puts, deletes, 0, say.lease());
        daemon.ask(
                () -> daemon.keeper().commit(write).isPresent(),
                Daemon.PATIENCE_MILLIS,
                said -> hear(new Event.Said(say.order(), said.orElse(false))));
    }

    private void askSaid(long order) {
        daemon.ask(
                () -> Set.copyOf(daemon.keeper().saidBy(daemon.host().id())),
                Daemon.PATIENCE_MILLIS,
                keys -> hear(new Event.SaidBefore(order, keys)));
    }

    private void look(Action.Look look) {
        Map<String, Event.Seen> seen = new HashMap<>();
        for (String unit : new TreeSet<>(look.units())) {
            seen.put(unit, new Event.Seen(init.state(unit), init.read(unit)));
        }
        inbox.add(new Event.Looked(look.order(), seen));
    }
}
