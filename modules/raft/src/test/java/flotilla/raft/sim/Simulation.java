package flotilla.raft.sim;

import flotilla.raft.Input;
import flotilla.raft.RaftConfig;
import flotilla.raft.RaftConfig.Timing;
import flotilla.raft.Ready.SnapshotOrder;
import flotilla.raft.Standing;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run: up to five members, three of which begin, and whatever the seed says happens to them.
 * The same seed and number of events give the same run. At the end everything is healed, and the
 * group must come to agree.
 */
public final class Simulation {
    static final int MEMBERS_MAX = 5;
    private static final Timing TIMING = new Timing(10, 1);

    private record Transfer(State state, long atLeast, Message.InstallSnapshot message) {}

    private final Random random;
    private final Chances chances;
    private final Promises promises = new Promises();
    private final ModelNetwork network;
    private final TreeMap<Long, ModelMember> up = new TreeMap<>();
    private final TreeMap<Long, ModelDisk> down = new TreeMap<>();
    private final Set<Long> paused = new HashSet<>();
    private final Clients clients;
    private final List<Transfer> travelling = new ArrayList<>();
    private long lives;

    private Simulation(long seed) {
        random = new Random(seed);
        chances = Chances.drawn(random);
        network = new ModelNetwork(random, chances);
        clients = new Clients(random, promises);
        ConfState first = ConfState.of(LongStream.rangeClosed(1, chances.voters()).toArray());
        for (long id = 1; id <= chances.members(); id++) {
            boolean begins = first.voters().contains(id);
            SnapshotMark mark = begins ? SnapshotMark.beginning(first) : SnapshotMark.NONE;
            start(id, new ModelDisk(State.from(mark)));
        }
    }

    /**
     * Runs it.
     *
     * @return what was done, in figures
     * @throws Violation if a promise was broken, or an exception of the core's own
     */
    public static String run(long seed, int events) {
        Simulation simulation = new Simulation(seed);
        Weighted next = simulation.events();
        for (int done = 0; done < events; ) {
            done += next.draw().getAsBoolean() ? 1 : 0;
        }
        simulation.healAll();
        Promises seen = simulation.promises;
        return "%d committed, %d acknowledged, %d reads, %d elections"
                .formatted(
                        seen.highestCommitted(),
                        seen.acknowledged(),
                        seen.answered(),
                        seen.elections());
    }

    private void start(long id, ModelDisk disk) {
        lives++;
        RaftConfig config = new RaftConfig(id, id * 1000 + lives, TIMING, chances.limits());
        up.put(id, new ModelMember(config, disk, promises, network::send));
    }

    /** What may happen; each says whether it did. */
    private Weighted events() {
        return Weighted.of(random)
                .with(1000, this::deliver)
                .with(chances.tick(), () -> at(any(Chances.Pace::tick), this::tick))
                .with(chances.disk(), () -> at(any(Chances.Pace::disk), this::finishWrite))
                .with(chances.apply(), () -> at(any(Chances.Pace::apply), this::apply))
                .with(chances.client(), () -> at(leader(), clients::act))
                .with(chances.change(), () -> at(leader(), clients::change))
                .with(1, () -> at(leader(), clients::transfer))
                .with(20, this::snapshots)
                .with(chances.snapshot(), () -> at(any(), this::flushOrCompact))
                .with(chances.crash(), () -> at(victim(), this::crash))
                .with(chances.crash() * 5, this::restart)
                .with(chances.pause(), () -> at(victim(), member -> paused.add(member.id())))
                .with(chances.pause() * 2, this::resume)
                .with(chances.cut(), () -> at(victim(), this::cut))
                .with(chances.cut(), this::split)
                .with(chances.cut() * 3, network::heal);
    }

    /**
     * Lets something happen at a member, if there is one; inputs that it got make a step or wait.
     */
    private boolean at(@Nullable ModelMember member, Predicate<ModelMember> what) {
        if (member == null) {
            return false;
        }
        boolean happened = what.test(member);
        if (happened && member.hasInputs() && up.containsValue(member)) {
            stepOrWait(member);
        }
        return happened;
    }

    private @Nullable ModelMember victim() {
        return random.nextBoolean() ? leader() : any();
    }

    private @Nullable ModelMember any() {
        return any(pace -> 1);
    }

    /** A member, by how often its turn comes. */
    private @Nullable ModelMember any(ToIntFunction<Chances.Pace> pace) {
        int total = up.values().stream().mapToInt(member -> weight(member, pace)).sum();
        int left = total == 0 ? 0 : random.nextInt(total);
        for (ModelMember member : up.values()) {
            left -= weight(member, pace);
            if (left < 0) {
                return member;
            }
        }
        return null;
    }

    private int weight(ModelMember member, ToIntFunction<Chances.Pace> pace) {
        boolean still = paused.contains(member.id());
        return still ? 0 : pace.applyAsInt(chances.paces().get((int) member.id() - 1));
    }

    /** Mostly one that takes itself for the leader; there may be several. */
    private @Nullable ModelMember leader() {
        if (random.nextInt(4) == 0) {
            return any();
        }
        List<ModelMember> leaders = new ArrayList<>();
        for (ModelMember member : up.values()) {
            if (member.leads() && !paused.contains(member.id())) {
                leaders.add(member);
            }
        }
        return leaders.isEmpty() ? any() : leaders.get(random.nextInt(leaders.size()));
    }

    private boolean deliver() {
        Message message = network.next(id -> !paused.contains(id));
        if (message != null) {
            deliver(message);
        }
        return message != null;
    }

    private void deliver(Message message) {
        ModelMember to = up.get(message.to());
        if (to == null) {
            return;
        }
        Message whole = message;
        if (message instanceof Message.Append append && !append.filled()) {
            // Filled on the way out, late: the sender's log may have changed meanwhile.
            ModelMember from = up.get(append.from());
            whole = from == null ? null : from.fill(append);
        }
        if (whole != null) {
            to.queue(new Input.Received(whole));
            stepOrWait(to);
        }
    }

    /** Inputs that come in while the core works form a batch. */
    private void stepOrWait(ModelMember member) {
        if (random.nextInt(4) != 0) {
            step(member);
        }
    }

    private void step(ModelMember member) {
        clients.settle(member, member.step());
    }

    private boolean tick(ModelMember member) {
        member.queue(new Input.Tick());
        return true;
    }

    private boolean finishWrite(ModelMember member) {
        boolean busy = member.disk.busy();
        member.finishWrites(1 + random.nextInt(3));
        return busy;
    }

    private boolean apply(ModelMember member) {
        boolean can = member.hasToApply();
        if (can) {
            member.apply();
        }
        return can;
    }

    /** Snapshots are ordered, travel, and arrive or not; the sender hears which. */
    private boolean snapshots() {
        ModelMember member = any();
        if (member != null) {
            for (SnapshotOrder order : member.takeOrders()) {
                State state = member.state();
                SnapshotMark mark = state.mark();
                travelling.add(
                        new Transfer(
                                state,
                                order.atLeast(),
                                new Message.InstallSnapshot(
                                        member.id(), order.to(), order.term(), mark)));
            }
        }
        boolean some = !travelling.isEmpty();
        if (some) {
            arrive(travelling.remove(random.nextInt(travelling.size())));
        }
        return some;
    }

    private void arrive(Transfer transfer) {
        Message.InstallSnapshot message = transfer.message;
        ModelMember to = up.get(message.to());
        ModelMember from = up.get(message.from());
        boolean whole = transfer.state.index() >= transfer.atLeast && random.nextInt(5) != 0;
        boolean arrives = to != null && whole;
        if (to != null && whole) {
            to.queue(transfer.state, message);
            step(to);
        }
        if (from != null) {
            SnapshotMark mark = arrives ? message.mark() : SnapshotMark.NONE;
            from.queue(new Input.SnapshotReported(message.to(), mark));
            step(from);
        }
    }

    private boolean flushOrCompact(ModelMember member) {
        member.flush();
        member.compact(member.state().index() - random.nextInt(10));
        return true;
    }

    private boolean crash(ModelMember member) {
        boolean all = random.nextInt(10) == 0;
        for (ModelMember victim : all ? List.copyOf(up.values()) : List.of(member)) {
            up.remove(victim.id());
            victim.disk.crash(random);
            down.put(victim.id(), victim.disk);
        }
        return true;
    }

    private boolean restart() {
        if (down.isEmpty()) {
            return false;
        }
        List<Long> ids = new ArrayList<>(down.keySet());
        long id = ids.get(random.nextInt(ids.size()));
        start(id, Objects.requireNonNull(down.remove(id)));
        return true;
    }

    private boolean resume() {
        boolean some = !paused.isEmpty();
        paused.clear();
        return some;
    }

    /** Two groups that don't hear each other. */
    private boolean split() {
        int group = random.nextInt(1 << MEMBERS_MAX);
        for (long from = 1; from <= MEMBERS_MAX; from++) {
            for (long to = 1; to <= MEMBERS_MAX; to++) {
                if ((group >> from & 1) != (group >> to & 1)) {
                    network.cut(from, to);
                }
            }
        }
        return true;
    }

    /** One link one way, or both ways, or a member from all others. */
    private boolean cut(ModelMember member) {
        long to = 1L + random.nextInt(MEMBERS_MAX);
        boolean alone = random.nextBoolean();
        boolean back = random.nextBoolean();
        for (long id = 1; id <= MEMBERS_MAX; id++) {
            if (id == to || alone) {
                network.cut(member.id(), id);
                if (back) {
                    network.cut(id, member.id());
                }
            }
        }
        return true;
    }

    /** Without faults a leader must be found, and all its members come to its state. */
    private void healAll() {
        paused.clear();
        network.heal();
        network.becomeLossless();
        while (!down.isEmpty()) {
            restart();
        }
        long before = promises.acknowledged();
        int rounds = 0;
        while (!agreed() || promises.acknowledged() == before) {
            if (++rounds > 400) {
                throw new Violation("agreement once all is healed", "none: %s", describe());
            }
            for (ModelMember member : List.copyOf(up.values())) {
                member.queue(new Input.Tick());
                if (member.leads()) {
                    clients.write(member);
                }
                step(member);
            }
            calm();
        }
    }

    /** Lets everything happen that is under way. */
    private void calm() {
        boolean busy = true;
        for (int i = 0; i < 100 && busy; i++) {
            busy = false;
            for (Message next; (next = network.next(id -> true)) != null; ) {
                busy = true;
                deliver(next);
            }
            for (ModelMember member : up.values()) {
                busy |= member.disk.busy() || member.hasToApply() || member.hasInputs();
                member.finishWrites(100);
                while (member.hasToApply()) {
                    member.apply();
                }
                if (member.hasInputs()) {
                    step(member);
                }
            }
            snapshots();
        }
    }

    private boolean agreed() {
        ModelMember leader = null;
        for (ModelMember member : up.values()) {
            if (member.status().standing().kind() == Standing.Kind.LEADER
                    && (leader == null
                            || member.status().standing().term()
                                    > leader.status().standing().term())) {
                leader = member;
            }
        }
        if (leader == null || leader.state().index() != leader.lastIndex()) {
            return false;
        }
        ConfState members = leader.state().members();
        State state = leader.state();
        return leader.state().term() == leader.status().standing().term()
                && !(members.joint() && members.autoLeave())
                && Stream.of(members.voters(), members.votersOutgoing(), members.learners())
                        .flatMap(List::stream)
                        .allMatch(id -> state.equals(stateOf(id)));
    }

    private @Nullable State stateOf(long id) {
        ModelMember member = up.get(id);
        return member == null ? null : member.state();
    }

    private String describe() {
        StringBuilder text = new StringBuilder();
        up.values().forEach(member -> text.append('\n').append(member.status()));
        return text.toString();
    }
}
