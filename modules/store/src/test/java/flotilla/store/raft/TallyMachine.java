package flotilla.store.raft;

import com.google.protobuf.ByteString;
import flotilla.protocol.PutRequest;
import flotilla.protocol.PutResponse;
import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.ChangeApplied;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.command.Command;
import flotilla.store.command.CommandBatch;
import flotilla.store.log.Membership;
import flotilla.store.log.StateMachine;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A small state machine for the log's tests: the last value of each key and how often each was put.
 * It lives in memory, so after a restart all of it must come from the log and its snapshots. It
 * keeps no members: the engine under test does that itself.
 */
final class TallyMachine implements StateMachine {
    record Tally(String value, int puts) {}

    private final Map<String, Tally> tallies = new ConcurrentHashMap<>();
    private volatile long appliedIndex;
    private int restores;

    static Command put(String key, String value) {
        return Command.newBuilder()
                .setPut(
                        PutRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8(value)))
                .build();
    }

    @Nullable String value(String key) {
        Tally tally = tallies.get(key);
        return tally == null ? null : tally.value();
    }

    int puts(String key) {
        Tally tally = tallies.get(key);
        return tally == null ? 0 : tally.puts();
    }

    int size() {
        return tallies.size();
    }

    synchronized int restores() {
        return restores;
    }

    Map<String, Tally> tallies() {
        return Map.copyOf(tallies);
    }

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public long appliedTerm() {
        return appliedIndex == 0 ? 0 : 1;
    }

    @Override
    public List<Applied> apply(long index, long term, CommandBatch batch) {
        advance(index);
        List<Applied> results = new ArrayList<>();
        for (Command command : batch.getCommandsList()) {
            String value = command.getPut().getValue().toStringUtf8();
            tallies.merge(
                    command.getPut().getKey().toStringUtf8(),
                    new Tally(value, 1),
                    (old, fresh) -> new Tally(value, old.puts() + 1));
            results.add(new Applied.Done(PutResponse.getDefaultInstance()));
        }
        return results;
    }

    @Override
    public void skip(long index, long term) {
        advance(index);
    }

    private void advance(long index) {
        if (index != appliedIndex + 1) {
            throw new IllegalStateException("entry " + index + " after entry " + appliedIndex);
        }
        appliedIndex = index;
    }

    @Override
    public SnapshotMark checkpoint(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("sub"));
        Files.createFile(directory.resolve("sub").resolve("empty"));
        try (DataOutputStream out =
                new DataOutputStream(Files.newOutputStream(directory.resolve("tallies")))) {
            out.writeLong(appliedIndex);
            out.writeInt(tallies.size());
            for (Map.Entry<String, Tally> entry : tallies.entrySet()) {
                out.writeUTF(entry.getKey());
                byte[] value = entry.getValue().value().getBytes(StandardCharsets.UTF_8);
                out.writeInt(value.length);
                out.write(value);
                out.writeInt(entry.getValue().puts());
            }
        }
        return new SnapshotMark(appliedIndex(), appliedTerm(), confState());
    }

    @Override
    public synchronized void restore(Path directory) throws IOException {
        tallies.clear();
        try (DataInputStream in =
                new DataInputStream(Files.newInputStream(directory.resolve("tallies")))) {
            appliedIndex = in.readLong();
            for (int left = in.readInt(); left > 0; left--) {
                String key = in.readUTF();
                String value = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                tallies.put(key, new Tally(value, in.readInt()));
            }
        }
        restores++;
    }

    @Override
    public void begin(SnapshotMark mark, Collection<Membership.Peer> members) {
        throw keepsNoMembers();
    }

    @Override
    public MemberBook memberBook() {
        throw keepsNoMembers();
    }

    @Override
    public ChangeApplied applyChange(long index, long term, Entry entry) {
        throw keepsNoMembers();
    }

    private static IllegalStateException keepsNoMembers() {
        return new IllegalStateException("the engine keeps the members");
    }

    @Override
    public ConfState confState() {
        return ConfState.of();
    }

    @Override
    public List<Membership.Peer> members() {
        return List.of();
    }

    @Override
    public boolean removed(long member) {
        return false;
    }

    @Override
    public boolean knows(long member) {
        return false;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
