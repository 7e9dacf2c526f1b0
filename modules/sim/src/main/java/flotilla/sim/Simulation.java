package flotilla.sim;

import flotilla.raft.message.Message;
import flotilla.sim.check.Linearizability;
import flotilla.sim.check.Verdict;
import flotilla.sim.client.Alarming;
import flotilla.sim.client.Client;
import flotilla.sim.client.Watching;
import flotilla.sim.client.Wishes;
import flotilla.sim.member.Member;
import flotilla.sim.member.Member.Running;
import flotilla.sim.model.StoreModel;
import flotilla.sim.network.Network;
import flotilla.sim.promise.Promises;
import flotilla.sim.world.Machine;
import flotilla.sim.world.Violation;
import flotilla.sim.world.World;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.log.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One run: a cluster, its clients, and whatever the seed says happens to them. Then everything is
 * mended: a leader must be found and all members come to one state. The same seed and number of
 * events give the same run.
 */
public final class Simulation {
    /** A healed cluster must have agreed within so many election timeouts. */
    private static final int TIMEOUTS_MAX = 60;

    /** Questions to the model, for one history. */
    private static final long CHECK_STEPS_MAX = 2_000_000;

    /** How long members fail while one of them differs from the others. */
    private static final int ROTTING_EVENTS = 1_000;

    private final World world;
    private final Chances chances;
    private final Promises promises;
    private final Network network;
    private final List<Member> members = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Watching> watchers = new ArrayList<>();
    private final Alarming alarming;
    private final Faults faults;
    private final Operator operator;

    /**
     * What came of a run.
     *
     * @param events that happened
     * @param acknowledged writes
     * @param elections terms that were seen
     * @param changes of the members
     * @param checked whether the history was checked to its end
     * @param trace stands for all that happened
     */
    public record Outcome(
            long events,
            long acknowledged,
            long elections,
            long changes,
            boolean checked,
            long trace) {}

    private Simulation(long seed) {
        world = new World(seed);
        chances = Chances.drawn(world.random(), hasUpgrades(seed));
        promises = new Promises(world);
        network = new Network(world, chances.weather());
        network.tap(
                new Network.Tap() {
                    @Override
                    public void sent(Message message) {
                        promises.sent(message);
                    }

                    @Override
                    public void received(Message message) {
                        promises.received(message);
                    }
                });
        List<Membership.Peer> peers = new ArrayList<>();
        for (int number = 1; number <= chances.members(); number++) {
            peers.add(new Membership.Peer(number, "m" + number, List.of("http://m" + number)));
        }
        Member.Surroundings around = new Member.Surroundings(network, promises, chances.habits());
        for (Membership.Peer peer : peers) {
            members.add(
                    new Member(
                            new Machine(world, (int) peer.id()),
                            new Membership(Member.CLUSTER, peer.id(), peers),
                            around));
        }
        faults = new Faults(world, members, network, chances);
        operator = new Operator(world, members, id -> newcomer(id, around), chances.changeNanos());
        Wishes wishes = new Wishes(world.random(), promises, chances.keys());
        for (int i = 0; i < chances.clients(); i++) {
            clients.add(
                    new Client(
                            members,
                            promises,
                            wishes,
                            new Client.Habit(world, chances.clientPauseNanos())));
        }
        watchers.add(new Watching(world, members, promises));
        watchers.add(new Watching(world, members, promises));
        alarming = new Alarming(world, members);
    }

    /** One run of four, by its number: whether it is one must draw nothing. */
    private static boolean hasUpgrades(long seed) {
        return Math.floorMod(seed, 8L) >= 6;
    }

    private Member newcomer(long id, Member.Surroundings around) {
        Member member = Member.newcomer(new Machine(world, (int) id), around);
        faults.attend(member);
        return member;
    }

    /**
     * Runs it.
     *
     * @throws Violation if a promise was broken
     */
    public static Outcome run(long seed, long events) {
        return new Simulation(seed).run(events);
    }

    private Outcome run(long events) {
        members.forEach(Member::start);
        clients.forEach(Client::begin);
        watchers.forEach(Watching::begin);
        faults.begin();
        if (chances.changeNanos() > 0) {
            operator.begin();
        }
        if (chances.habits().upgrades()) {
            alarming.begin();
        }
        while (world.happened() < events) {
            next();
        }
        heal();
        boolean checked = check();
        return new Outcome(
                world.happened(),
                promises.acknowledged(),
                promises.elections(),
                promises.changes(),
                checked,
                world.trace());
    }

    private void next() {
        world.next();
        for (Member member : members) {
            Running running = member.running();
            if (running != null) {
                promises.stands(running.log().status());
            }
        }
    }

    /** Without faults clients get answers soon, and then all is the same everywhere. */
    private void heal() {
        faults.end();
        operator.end();
        long before = promises.acknowledged();
        await("a healed cluster answers", () -> promises.acknowledged() > before);
        if (chances.changeNanos() > 0) {
            await("who is lost is taken out", operator::isDone);
        }
        if (chances.habits().upgrades()) {
            there().forEach(Member::upgrade);
        }
        clients.forEach(Client::end);
        alarming.end();
        await("a healed cluster agrees", this::agreed);
        await("a client waits no longer than it may", this::isQuiet);
        Rotting rotting = new Rotting(world, promises, this::there);
        if (chances.habits().compareNanos() > 0 && rotting.isPossible()) {
            rot(rotting);
        } else {
            loseADisk();
        }
    }

    /** Nobody asks any more, but all else goes on going wrong while one member's state differs. */
    private void rot(Rotting rotting) {
        rotting.begin();
        faults.again();
        long end = world.happened() + ROTTING_EVENTS;
        while (world.happened() < end) {
            next();
        }
        faults.end();
        await("who differs is named", rotting::isFound);
    }

    /** With a majority beside it a member that lost its disk is known, and not let in. */
    private void loseADisk() {
        List<Member> there = there();
        if (there.size() > 2) {
            Member victim = there.get(world.random().nextInt(there.size()));
            victim.wipe(Objects.requireNonNull(operator.newest()));
            victim.start();
            await("a member that lost its disk is refused", victim::isRefused);
        }
    }

    private boolean isQuiet() {
        return clients.stream().allMatch(Client::isAtRest);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String promise, Condition condition) {
        long deadline =
                world.now()
                        + chances.habits().times().request().toNanos() * 2
                        + chances.habits().times().election().toNanos() * TIMEOUTS_MAX;
        while (!condition.holds()) {
            if (world.now() > deadline) {
                throw world.broken(promise, "%s", describe());
            }
            next();
        }
    }

    private boolean agreed() {
        List<Member> there = there();
        return !there.isEmpty()
                && there.stream().allMatch(member -> isCurrent(member, there))
                && watchers.stream().allMatch(Watching::isCurrent);
    }

    /** Who takes part, as far as is known. */
    private List<Member> there() {
        MemberBook book = operator.newest();
        return book == null
                ? List.of()
                : members.stream().filter(member -> book.find(member.id()).isPresent()).toList();
    }

    private boolean isCurrent(Member member, List<Member> there) {
        Running running = member.running();
        return running != null
                && member.isAtItsLevel()
                && running.state().appliedIndex() == promises.lastApplied()
                && there.stream().allMatch(each -> running.state().knows(each.id()));
    }

    private boolean check() {
        Verdict verdict =
                Linearizability.check(promises.history(), new StoreModel(), CHECK_STEPS_MAX);
        if (verdict instanceof Verdict.Broken broken) {
            throw world.broken("what clients saw is linearizable", "%s", broken);
        }
        return verdict instanceof Verdict.Linearizable;
    }

    private String describe() {
        StringBuilder text = new StringBuilder("last applied " + promises.lastApplied());
        for (Member member : members) {
            Running running = member.running();
            text.append("; ")
                    .append(
                            running == null
                                    ? member + " down"
                                    : running.log().status()
                                            + " of "
                                            + running.state().memberBook().conf());
        }
        return text.toString();
    }
}
