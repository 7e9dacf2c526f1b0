package flotilla.sim.promise;

import flotilla.protocol.RangeRequest;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.sim.model.Answer.Item;
import flotilla.sim.promise.Ledger.Turn;
import flotilla.sim.world.World;
import flotilla.store.apply.Applied;
import flotilla.store.apply.ChangeApplied;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.apply.mvcc.LimitedRoom;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.Membership;
import flotilla.store.log.StateHash;
import flotilla.store.log.StateMachine;
import flotilla.store.view.EtcdStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * Between a member's log and its state: writes down what is applied, and looks at what comes of it.
 */
final class Witness implements StateMachine {
    private final World world;

    /** Every so many entries the whole state is compared. */
    private static final int STATE_EVERY = 16;

    /** Every so many its whole history too. */
    private static final int HISTORY_EVERY = 128;

    private static final RangeRequest EVERYTHING =
            RangeRequest.newBuilder()
                    .setKey(Wording.bytes("\0"))
                    .setRangeEnd(Wording.bytes("\0"))
                    .build();

    private final long member;
    private final int reads;
    private final EtcdStateMachine machine;
    private final Ledger ledger;
    private final Rot rot;

    /** Whose log and state it is between. */
    record Whose(long member, int reads) {}

    /** What members' deeds are held against. */
    record Books(World world, Ledger ledger, Rot rot) {}

    Witness(Whose whose, EtcdStateMachine machine, Books books) {
        this.world = books.world();
        this.member = whose.member();
        this.reads = whose.reads();
        this.machine = machine;
        this.ledger = books.ledger();
        this.rot = books.rot();
    }

    @Override
    public List<Applied> apply(long index, long term, CommandBatch batch) {
        requireNext(index);
        requireReadable(index, batch);
        List<Applied> results = machine.apply(index, term, batch);
        ledger.applied(new Turn(member, index, term), batch, results);
        look(index);
        return results;
    }

    @Override
    public void skip(long index, long term) {
        requireNext(index);
        machine.skip(index, term);
        ledger.other(new Turn(member, index, term), null);
        look(index);
    }

    @Override
    public ChangeApplied applyChange(long index, long term, Entry entry) {
        requireNext(index);
        ChangeApplied applied = machine.applyChange(index, term, entry);
        ledger.other(new Turn(member, index, term), entry);
        ledger.members(member, index, machine.memberBook());
        look(index);
        return applied;
    }

    @Override
    public void examine(Path directory) throws IOException {
        machine.examine(directory);
    }

    @Override
    public void restore(Path directory) throws IOException {
        machine.restore(directory);
        if (rot.isPlanted()) {
            rot.planted(member);
        }
        compare(machine.appliedIndex());
        hash(machine.appliedIndex());
        ledger.members(member, machine.appliedIndex(), machine.memberBook());
        ledger.level(member, machine.appliedIndex(), machine.level());
    }

    private void requireReadable(long index, CommandBatch batch) {
        for (Command command : batch.getCommandsList()) {
            if (FeatureLevel.of(command) > reads) {
                throw world.broken(
                        "a member meets nothing that its program can't read",
                        "%d at %d: %s",
                        member,
                        index,
                        command);
            }
        }
    }

    private void requireNext(long index) {
        if (index != machine.appliedIndex() + 1) {
            throw world.broken(
                    "log order", "%d applies %d after %d", member, index, machine.appliedIndex());
        }
    }

    private void look(long index) {
        ledger.level(member, index, machine.level());
        if (index % STATE_EVERY == 0) {
            compare(index);
            ledger.members(member, index, machine.memberBook());
        }
        if (index % HISTORY_EVERY == 0) {
            hash(index);
        }
    }

    private void compare(long index) {
        if (rot.isRotten(member)) {
            return;
        }
        ledger.holds(member, index, machine.revision(), items(machine));
    }

    static List<Item> items(EtcdStateMachine machine) {
        return Wording.items(machine.range(EVERYTHING, LimitedRoom.unlimited()));
    }

    private void hash(long index) {
        if (rot.isRotten(member)) {
            return;
        }
        ledger.hashes(member, index, machine.hashKv(0).getHash());
    }

    @Override
    public void begin(SnapshotMark mark, Collection<Membership.Peer> members) {
        machine.begin(mark, members);
    }

    @Override
    public long appliedIndex() {
        return machine.appliedIndex();
    }

    @Override
    public long appliedTerm() {
        return machine.appliedTerm();
    }

    @Override
    public ConfState confState() {
        return machine.confState();
    }

    @Override
    public List<Membership.Peer> members() {
        return machine.members();
    }

    @Override
    public MemberBook memberBook() {
        return machine.memberBook();
    }

    @Override
    public boolean removed(long id) {
        return machine.removed(id);
    }

    @Override
    public SnapshotMark checkpoint(Path directory) throws IOException {
        return machine.checkpoint(directory);
    }

    @Override
    public void lookForDamage() {
        machine.lookForDamage();
    }

    @Override
    public void flush() throws IOException {
        machine.flush();
    }

    @Override
    public StateHash hashAt(long revision) {
        return machine.hashAt(revision);
    }

    @Override
    public int level() {
        return machine.level();
    }

    @Override
    public boolean knows(long id) {
        return machine.knows(id);
    }

    @Override
    public void close() {
        machine.close();
    }
}
