package flotilla.raft.sim;

import flotilla.raft.Input;
import flotilla.raft.RaftConfig;
import flotilla.raft.Ready;
import flotilla.raft.Ready.SnapshotOrder;
import flotilla.raft.Standing;
import flotilla.raft.log.Entry;
import flotilla.raft.log.Entry.Kind;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfChange.Step;
import flotilla.raft.members.ConfChange.StepKind;
import flotilla.raft.members.ConfChange.Transition;
import flotilla.raft.members.ConfState;
import flotilla.raft.message.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A group whose every event is a line of a transcript. Nothing happens by itself. */
final class Scene implements ModelMember.Watcher {
    /**
     * Steps after which a group that still has something to do is taken to be caught in a circle.
     */
    private static final int CALM_MAX = 200;

    private final StringBuilder out = new StringBuilder();
    private final TreeMap<Long, ModelMember> up = new TreeMap<>();
    private final Map<Long, ModelDisk> disks = new TreeMap<>();
    private final Map<String, Deque<Message>> links = new TreeMap<>();
    private final Map<Long, SnapshotOrder> orders = new TreeMap<>();
    private RaftConfig.Limits limits = RaftConfig.Limits.DEFAULT;
    private boolean quiet;
    private boolean asksForVotes;

    /** The transcript as it is with the present core. */
    static String replay(String transcript) {
        Scene scene = new Scene();
        StringBuilder out = new StringBuilder();
        for (String line : transcript.split("\n")) {
            if (line.startsWith("> ")) {
                out.append(line).append('\n').append(scene.run(line.substring(2)));
            } else if (line.isBlank() || line.startsWith("#")) {
                out.append(line).append('\n');
            }
        }
        return out.toString();
    }

    /** What the command did, one thing a line. */
    private String run(String command) {
        out.setLength(0);
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        quiet = words.remove("quietly");
        String verb = words.removeFirst();
        switch (verb) {
            case "group" -> group(words.stream().mapToLong(Long::parseLong).toArray());
            case "limits" -> limits(words);
            case "join" -> start(number(words, 0), new ModelDisk(State.from(SnapshotMark.NONE)));
            case "settle" -> settle(words.isEmpty() ? null : words);
            case "status" -> up.values().forEach(member -> say(Words.of(member)));
            case "deliver", "again", "drop", "late" -> carry(verb, words);
            case "crash" -> crash(number(words, 0));
            case "restart" -> start(number(words, 0), disk(number(words, 0)));
            default ->
                    at(
                            verb,
                            Objects.requireNonNull(up.get(number(words, 0))),
                            words.subList(1, words.size()));
        }
        return out.toString();
    }

    private static long number(List<String> words, int place) {
        return Long.parseLong(words.get(place));
    }

    private void say(String line) {
        out.append("  ").append(line).append('\n');
    }

    private void group(long... voters) {
        SnapshotMark mark = SnapshotMark.beginning(ConfState.of(voters));
        for (long id : voters) {
            start(id, new ModelDisk(State.from(mark)));
        }
    }

    /** Entries in an append, appends in a window, bytes uncommitted. */
    private void limits(List<String> words) {
        limits =
                new RaftConfig.Limits(
                        1 << 20,
                        (int) number(words, 0),
                        (int) number(words, 1),
                        1 << 20,
                        number(words, 2),
                        2);
    }

    private ModelDisk disk(long id) {
        return Objects.requireNonNull(disks.get(id));
    }

    private void start(long id, ModelDisk disk) {
        disks.put(id, disk);
        RaftConfig config = new RaftConfig(id, id, RaftConfig.Timing.DEFAULT, limits);
        up.put(id, new ModelMember(config, disk, this, this::send));
    }

    /** Everything that had not ended is lost. */
    private void crash(long id) {
        up.remove(id);
        disk(id).crash(
                        new Random() {
                            @Override
                            public int nextInt(int bound) {
                                return 0;
                            }

                            @Override
                            public boolean nextBoolean() {
                                return false;
                            }
                        });
    }

    private void send(Message message) {
        Message whole = message;
        asksForVotes |= message instanceof Message.VoteRequest;
        if (message instanceof Message.Append append) {
            whole = Objects.requireNonNull(up.get(append.from())).fill(append);
        }
        if (whole != null) {
            link(whole.from(), whole.to()).addLast(whole);
            if (!quiet) {
                say("%d -> %d: %s".formatted(whole.from(), whole.to(), Words.of(whole)));
            }
        }
    }

    private Deque<Message> link(long from, long to) {
        return links.computeIfAbsent(from + ">" + to, key -> new ArrayDeque<>());
    }

    /** {@code deliver 1 2 [how many]}; {@code late} takes the newest first. */
    private void carry(String verb, List<String> words) {
        Deque<Message> link = link(number(words, 0), number(words, 1));
        long count = words.size() > 2 ? number(words, 2) : link.size();
        for (long i = 0; i < count && !link.isEmpty(); i++) {
            switch (verb) {
                case "drop" -> link.removeFirst();
                case "again" -> deliver(link.getFirst());
                case "late" -> deliver(link.removeLast());
                default -> deliver(link.removeFirst());
            }
        }
    }

    private void deliver(Message message) {
        ModelMember to = up.get(message.to());
        if (to != null) {
            give(to, new Input.Received(message));
        }
    }

    private void give(ModelMember member, Input input) {
        member.queue(input);
        member.step();
    }

    private void at(String verb, ModelMember member, List<String> words) {
        switch (verb) {
            case "tick" -> {
                for (long i = words.isEmpty() ? 1 : number(words, 0); i > 0; i--) {
                    give(member, new Input.Tick());
                }
            }
            case "campaign" -> campaign(member);
            case "propose" ->
                    give(member, new Input.Propose(words.stream().map(Scene::bytes).toList()));
            case "change" -> {
                ConfChange change = change(words);
                give(
                        member,
                        new Input.ProposeChange(
                                change, Kind.CONF_CHANGE_V2, Changes.encode(change)));
            }
            case "read" -> give(member, new Input.Read(number(words, 0)));
            case "transfer" -> give(member, new Input.Transfer(number(words, 0)));
            case "unreachable" -> give(member, new Input.Unreachable(number(words, 0)));
            case "store" -> {
                member.finishWrites(words.isEmpty() ? 1000 : (int) number(words, 0));
                stepIfAsked(member);
            }
            case "apply" -> {
                while (member.hasToApply()) {
                    member.apply();
                }
                stepIfAsked(member);
            }
            case "compact" -> {
                member.flush();
                member.compact(number(words, 0));
                stepIfAsked(member);
            }
            case "snapshot" -> snapshot(member, number(words, 0), words.contains("lost"));
            default -> throw new IllegalArgumentException("no such command: " + verb);
        }
    }

    private static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.UTF_8);
    }

    private void stepIfAsked(ModelMember member) {
        if (member.hasInputs()) {
            member.step();
        }
    }

    /** Its clock goes on until it asks for votes, or leads if there is nobody to ask. */
    private void campaign(ModelMember member) {
        asksForVotes = false;
        Standing.Kind before = member.status().standing().kind();
        for (int i = 0; i < CALM_MAX; i++) {
            give(member, new Input.Tick());
            if (asksForVotes || member.status().standing().kind() != before) {
                return;
            }
        }
        throw new IllegalStateException("member " + member.id() + " doesn't stand");
    }

    /** {@code add 4 remove 2}, {@code explicit add 4}, {@code leave}. */
    private static ConfChange change(List<String> words) {
        List<String> left = new ArrayList<>(words);
        Transition how = left.remove("explicit") ? Transition.JOINT_EXPLICIT : Transition.AUTO;
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i + 1 < left.size(); i += 2) {
            StepKind kind =
                    switch (left.get(i)) {
                        case "add" -> StepKind.ADD_VOTER;
                        case "learner" -> StepKind.ADD_LEARNER;
                        case "remove" -> StepKind.REMOVE;
                        default -> throw new IllegalArgumentException(left.get(i));
                    };
            steps.add(new Step(kind, number(left, i + 1)));
        }
        return new ConfChange(how, steps);
    }

    private void snapshot(ModelMember from, long to, boolean lost) {
        SnapshotOrder order = Objects.requireNonNull(orders.remove(to), "no order");
        State state = from.state();
        if (!lost) {
            Message.InstallSnapshot message =
                    new Message.InstallSnapshot(from.id(), to, order.term(), state.mark());
            ModelMember receiver = Objects.requireNonNull(up.get(to));
            receiver.queue(state, message);
            receiver.step();
        }
        give(from, new Input.SnapshotReported(to, lost ? SnapshotMark.NONE : state.mark()));
    }

    /** Lets all that is under way among these members happen. */
    private void settle(@Nullable List<String> only) {
        Predicate<Long> within = id -> only == null || only.contains(Long.toString(id));
        boolean busy = true;
        for (int i = 0; busy; i++) {
            if (i > CALM_MAX) {
                throw new IllegalStateException("it does not come to rest");
            }
            busy = false;
            for (ModelMember member : List.copyOf(up.values())) {
                busy |= within.test(member.id()) && calm(member, within);
            }
        }
    }

    private boolean calm(ModelMember member, Predicate<Long> within) {
        boolean busy = member.disk.busy() || member.hasToApply();
        member.finishWrites(1000);
        stepIfAsked(member);
        while (member.hasToApply()) {
            member.apply();
        }
        stepIfAsked(member);
        for (long from : up.keySet()) {
            Deque<Message> link = link(from, member.id());
            while (within.test(from) && !link.isEmpty()) {
                deliver(link.removeFirst());
                busy = true;
            }
        }
        return busy;
    }

    @Override
    public void stepped(ModelMember member, Ready ready) {
        if (!quiet) {
            Words.of(ready).forEach(line -> say(member.id() + ": " + line));
        }
        ready.snapshots().forEach(order -> orders.put(order.to(), order));
    }

    @Override
    public void sends(ModelMember member, Message message) {
        // Said when it goes on its link, with its entries.
    }

    @Override
    public void applied(ModelMember member, Entry entry, State state) {
        if (!quiet && entry.kind().changesMembers()) {
            say("%d: now %s".formatted(member.id(), Words.of(state.members())));
        }
    }

    @Override
    public void readable(ModelMember member, long id) {
        if (!quiet) {
            say("%d: answers read %d at %d".formatted(member.id(), id, member.state().index()));
        }
    }

    @Override
    public void readRefused(ModelMember member, long id) {
        // Stands in the Ready.
    }
}
