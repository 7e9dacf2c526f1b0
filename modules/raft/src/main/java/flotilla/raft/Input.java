package flotilla.raft;

import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfChange;
import flotilla.raft.message.Message;
import java.util.List;

/** What a driver may tell the core. */
public sealed interface Input {
    /**
     * A tick of the clock has passed. After a pause a driver first hands in what has arrived, then
     * a few ticks at most: a burst of them would be an election timeout that nobody waited for
     * (raft.md scenario 39).
     */
    record Tick() implements Input {}

    /** A message has arrived: an append with its entries, a snapshot whole and checked. */
    record Received(Message message) implements Input {}

    /** Commands to be appended, in order. Answered by an {@link Outcome}. */
    record Propose(List<byte[]> commands) implements Input {
        public Propose {
            commands = List.copyOf(commands);
        }
    }

    /**
     * A change of the members to be appended. Answered by an {@link Outcome}.
     *
     * @param change what it means
     * @param kind how its bytes are to be read
     * @param data its bytes, as the log will hold them
     */
    record ProposeChange(ConfChange change, Entry.Kind kind, byte[] data) implements Input {}

    /**
     * Somebody wants to read what is true now. Answered, some steps later, in {@link Ready#reads}
     * or {@link Ready#refusedReads}.
     *
     * @param id never used before, by this member in any of its lives: an answer that comes late
     *     must not fit another question (raft.md scenario 33)
     */
    record Read(long id) implements Input {}

    /**
     * All writes up to this one are on disk, in the order of their numbers.
     *
     * @param write {@link Ready#write} of the last of them
     */
    record Stored(long write) implements Input {}

    /**
     * The state machine has applied all entries up to {@code index}, or holds a snapshot that ends
     * there. A change of members among them is reported by {@link ChangeApplied}.
     */
    record Applied(long index) implements Input {}

    /**
     * The state machine has applied the change of members at {@code index}, and all before it.
     *
     * @param change {@link ConfChange#REFUSED} if it refused it, for a reason that every member
     *     sees alike
     */
    record ChangeApplied(long index, ConfChange change) implements Input {}

    /** The log no longer has the entries up to {@code index}: a snapshot of this member does. */
    record Compacted(long index) implements Input {}

    /**
     * An {@linkplain Ready#snapshots ordered} snapshot has been sent, or could not be.
     *
     * @param to whom
     * @param mark where it ends; {@link SnapshotMark#NONE} if it failed
     */
    record SnapshotReported(long to, SnapshotMark mark) implements Input {}

    /** A message to this member was certainly or probably lost. */
    record Unreachable(long member) implements Input {}

    /** Somebody wants another leader. Answered by an {@link Outcome}. */
    record Transfer(long to) implements Input {}
}
