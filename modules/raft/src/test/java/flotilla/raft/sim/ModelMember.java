package flotilla.raft.sim;

import flotilla.raft.Input;
import flotilla.raft.Outcome;
import flotilla.raft.Raft;
import flotilla.raft.RaftConfig;
import flotilla.raft.Ready;
import flotilla.raft.Ready.Range;
import flotilla.raft.Ready.ReadPoint;
import flotilla.raft.Ready.SnapshotOrder;
import flotilla.raft.Standing;
import flotilla.raft.Status;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfChange;
import flotilla.raft.members.ConfState;
import flotilla.raft.members.Reconfiguration;
import flotilla.raft.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A driver around one core, as {@link Ready} asks for it, with a model of everything below. */
final class ModelMember {
    /** Told of what a member does; the promises are checked there. */
    interface Watcher {
        void stepped(ModelMember member, Ready ready);

        void sends(ModelMember member, Message message);

        void applied(ModelMember member, Entry entry, State state);

        void readable(ModelMember member, long id);

        void readRefused(ModelMember member, long id);
    }

    private record Held(long write, Message message) {}

    final RaftConfig config;
    final ModelDisk disk;
    private final Watcher watcher;
    private final Consumer<Message> network;
    private final Deque<Held> held = new ArrayDeque<>();
    private final List<Input> inbox = new ArrayList<>();
    private final Deque<Range> toApply = new ArrayDeque<>();
    private final List<ReadPoint> reads = new ArrayList<>();
    private final List<SnapshotOrder> orders = new ArrayList<>();
    // Snapshots that have arrived, by where they end.
    private final Map<Long, State> arrived = new HashMap<>();
    private final List<Entry> log = new ArrayList<>();
    private long base;
    private State state;
    private @Nullable State installing;
    private Raft raft;
    private long written;
    private boolean leads;

    ModelMember(RaftConfig config, ModelDisk disk, Watcher watcher, Consumer<Message> network) {
        this.config = config;
        this.disk = disk;
        this.watcher = watcher;
        this.network = network;
        state = disk.flushed();
        base = disk.base().index();
        log.addAll(disk.entries());
        raft = new Raft(config, disk.restore(), this::bytes);
    }

    long id() {
        return config.id();
    }

    State state() {
        return state;
    }

    Status status() {
        return raft.status();
    }

    boolean leads() {
        return leads;
    }

    long lastIndex() {
        return base + log.size();
    }

    long baseIndex() {
        return base;
    }

    /** The entry of the log as the core knows it, on disk or not. */
    @Nullable Entry entry(long index) {
        return index > base && index <= lastIndex() ? log.get((int) (index - base - 1)) : null;
    }

    private long bytes(long first, long last) {
        long bytes = 0;
        for (long index = first; index <= last; index++) {
            bytes += log.get((int) (index - base - 1)).bytes();
        }
        return bytes;
    }

    void queue(Input input) {
        inbox.add(input);
    }

    void queue(State snapshot, Message.InstallSnapshot message) {
        arrived.put(message.mark().index(), snapshot);
        inbox.add(new Input.Received(message));
    }

    boolean hasInputs() {
        return !inbox.isEmpty();
    }

    List<Outcome> step() {
        List<Input> inputs = List.copyOf(inbox);
        inbox.clear();
        Ready ready = raft.step(inputs);
        take(ready);
        if (ready.standing() != null) {
            leads = ready.standing().kind() == Standing.Kind.LEADER;
        }
        watcher.stepped(this, ready);
        ready.now().forEach(this::send);
        ready.afterWrite().forEach(message -> held.addLast(new Held(ready.write(), message)));
        releaseHeld();
        orders.addAll(ready.snapshots());
        if (ready.committed() != null) {
            toApply.addLast(ready.committed());
        }
        reads.addAll(ready.reads());
        ready.refusedReads().forEach(id -> watcher.readRefused(this, id));
        answerReads();
        return ready.outcomes();
    }

    private void take(Ready ready) {
        SnapshotMark install = ready.install();
        State snapshot = null;
        if (install != null) {
            snapshot = arrived.get(install.index());
            installing = snapshot;
            log.clear();
            base = install.index();
            toApply.clear();
        }
        arrived.clear();
        for (Entry entry : ready.entries()) {
            while (lastIndex() >= entry.index()) {
                log.removeLast();
            }
            log.add(entry);
        }
        disk.write(ready, snapshot);
    }

    /** The disk ends up to {@code count} writes. */
    void finishWrites(int count) {
        long number = disk.finish(count);
        if (number > written) {
            written = number;
            queue(new Input.Stored(number));
            releaseHeld();
        }
        if (installing != null && disk.flushed().equals(installing)) {
            state = installing;
            installing = null;
            queue(new Input.Applied(state.index()));
        }
    }

    private void releaseHeld() {
        while (!held.isEmpty() && held.peekFirst().write <= written) {
            send(held.removeFirst().message);
        }
    }

    private void send(Message message) {
        watcher.sends(this, message);
        network.accept(message);
    }

    /** The append with its entries, if the log still has them as they were. */
    @Nullable Message fill(Message.Append append) {
        long last = append.span().lastIndex();
        List<Entry> entries = new ArrayList<>();
        for (long index = append.span().prevIndex() + 1; index <= last; index++) {
            Entry entry = entry(index);
            if (entry == null) {
                return null;
            }
            entries.add(entry);
        }
        boolean same = entries.isEmpty() || entries.getLast().term() == append.span().lastTerm();
        return same ? append.with(entries) : null;
    }

    boolean hasToApply() {
        return !toApply.isEmpty() && installing == null;
    }

    /** Applies the next entry. */
    void apply() {
        Range range = toApply.removeFirst();
        if (range.first() < range.last()) {
            toApply.addFirst(new Range(range.first() + 1, range.last()));
        }
        Entry entry = entry(range.first());
        if (entry == null || range.first() != state.index() + 1) {
            throw new Violation(
                    "applied in order", "%d has %d after %s", id(), range.first(), state);
        }
        ConfState members = state.members();
        if (entry.kind().changesMembers()) {
            ConfChange change = Changes.decode(entry);
            if (Reconfiguration.of(members, change)
                    instanceof Reconfiguration.Outcome.Changed(ConfState next)) {
                members = next;
            }
            queue(new Input.ChangeApplied(entry.index(), change));
        } else {
            queue(new Input.Applied(entry.index()));
        }
        state = state.after(entry, members);
        watcher.applied(this, entry, state);
        answerReads();
    }

    private void answerReads() {
        reads.removeIf(read -> {
            boolean ready = state.index() >= read.index();
            if (ready) {
                watcher.readable(this, read.id());
            }
            return ready;
        });
    }

    void flush() {
        if (installing == null) {
            disk.flush(state);
        }
    }

    void compact(long upTo) {
        // A log that is written to may be cut only where nothing is under way.
        if (!disk.busy() && installing == null && !status().sendsSnapshot()) {
            long to = disk.compact(upTo);
            while (base < to) {
                log.removeFirst();
                base++;
            }
            queue(new Input.Compacted(to));
        }
    }

    List<SnapshotOrder> takeOrders() {
        List<SnapshotOrder> all = List.copyOf(orders);
        orders.clear();
        return all;
    }
}
