package flotilla.raft;

import flotilla.raft.log.Entry;
import flotilla.raft.log.HardState;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be done now: the answer of {@link Raft#step}. A driver owes the core this:
 *
 * <ol>
 *   <li><b>Take the entries in</b> before the next step: from then on {@link
 *       flotilla.raft.log.LogView} knows them and {@link #now} can be filled with them.
 *   <li><b>Fill appends</b> in {@link #now} with the entries of their span, taken from one state of
 *       the log. If that state no longer has the span's last index with its term, the log was
 *       changed since: drop the message.
 *   <li><b>Send {@link #now}</b> at any time. Nothing in it depends on what is not yet on disk.
 *   <li><b>Store</b>, if {@link #sync}: the snapshot's data and mark, then the entries, then the
 *       hard state, which must not know more committed than there is; then an fsync. Entries
 *       replace those of their index and all behind it. Writes are done in the order of their
 *       numbers; one fsync may end many. Then {@link Input.Stored} says the number of the last. A
 *       hard state without {@link #sync} holds only a new commit index: it may be written with the
 *       next write, or be lost.
 *   <li><b>Send {@link #afterWrite}</b> when {@link #write} is on disk, whether or not this very
 *       Ready wrote something. They rest on everything up to it.
 *   <li><b>Apply {@link #committed}</b>, in order, each range once, and say so by {@link
 *       Input.Applied}; a change of members by {@link Input.ChangeApplied}, before anything behind
 *       it is reported. The state machine keeps its applied index and its members together with its
 *       data.
 *   <li><b>Answer {@link #reads}</b> when the state machine has applied up to their index.
 *   <li><b>Any failure to store ends the process</b>: an fsync that failed once cannot be repeated
 *       (raft.md scenario 59).
 * </ol>
 *
 * <p>Messages may be lost, doubled and reordered; heartbeats and their answers must not wait behind
 * appends, nor these behind snapshots (raft.md scenario 68).
 *
 * @param install a snapshot that has arrived takes the place of log and state; null for none. One
 *     that was {@linkplain Message.InstallSnapshot handed in} and doesn't stand here is not wanted:
 *     delete it
 * @param entries to append, ascending without a gap; they replace what is there
 * @param hardState if it changed
 * @param sync whether this is a write of its own number
 * @param write number of the latest write, this one or an earlier; 0 before the first
 * @param now to send at once
 * @param afterWrite to send when {@code write} is on disk
 * @param snapshots to send to members whose log is too short for ours
 * @param committed entries that may be applied; null for none
 * @param reads that may be answered, from what index on
 * @param refusedReads ids of those that can't; the asker may ask again, under a new id
 * @param outcomes one for each proposal and transfer of the step, in order
 * @param standing if it changed
 */
public record Ready(
        @Nullable SnapshotMark install,
        List<Entry> entries,
        @Nullable HardState hardState,
        boolean sync,
        long write,
        List<Message> now,
        List<Message> afterWrite,
        List<SnapshotOrder> snapshots,
        @Nullable Range committed,
        List<ReadPoint> reads,
        List<Long> refusedReads,
        List<Outcome> outcomes,
        @Nullable Standing standing) {
    /** Indexes {@code first..last}, both included. */
    public record Range(long first, long last) {}

    /** The read may be answered by a state that has applied {@code index}. */
    public record ReadPoint(long id, long index) {}

    /**
     * Send this member a snapshot, with {@code term} in its message, and report by {@link
     * Input.SnapshotReported}.
     *
     * @param atLeast it must end here or later, or the log can't go on from it
     */
    public record SnapshotOrder(long to, long term, long atLeast) {}
}
