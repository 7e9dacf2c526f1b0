package flotilla.store.log;

import flotilla.raft.log.Entry;
import flotilla.raft.log.SnapshotMark;
import flotilla.raft.members.ConfState;
import flotilla.store.apply.Applied;
import flotilla.store.apply.ChangeApplied;
import flotilla.store.apply.member.MemberBook;
import flotilla.store.command.CommandBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * The replicated state as the log sees it. All methods that change it are called by one thread, the
 * log's, in log order; the state after an index depends on the entries up to it and nothing else.
 *
 * <p>Durability is the log's: a state machine may lose what it applied last, but then {@link
 * #appliedIndex} says so after a restart and the log applies those entries again. Data and applied
 * index are therefore written together, atomically.
 */
public interface StateMachine extends AutoCloseable {
    /**
     * Makes a fresh state that of a new group: applied up to the mark, with its members, of whom
     * nothing is known but what is told here.
     *
     * @param members those of the mark's configuration, which alone says who is a learner
     */
    void begin(SnapshotMark mark, Collection<Membership.Peer> members);

    /** Index of the last entry applied; 0 for a fresh state. */
    long appliedIndex();

    /** Its term; 0 for a fresh state. */
    long appliedTerm();

    /**
     * Applies one log entry, command by command; a refused command does not stop those after it. A
     * batch that was seen before, by its origin and number, changes nothing, and so does an entry
     * that was applied before.
     *
     * @return what each command came to, in order; empty if the batch or the entry is no new one
     */
    List<Applied> apply(long index, long term, CommandBatch batch);

    /** Notes an entry that carries no command (a new leader's first). */
    void skip(long index, long term);

    /**
     * Applies a change of the members. A refused one changes nothing, and every member refuses it.
     * One that was applied before is told to change nothing, too.
     *
     * @param entry of a kind that changes members
     */
    ChangeApplied applyChange(long index, long term, Entry entry);

    /**
     * Who decides, as of {@link #appliedIndex}: the one place where it is kept (raft.md scenario
     * 52). Nobody in a fresh state. From any thread.
     */
    ConfState confState();

    /** The members with all that is known of them, as of {@link #appliedIndex}. From any thread. */
    MemberBook memberBook();

    /** All members, as of {@link #appliedIndex}. From any thread. */
    List<Membership.Peer> members();

    /** Whether that id was a member's and was removed: it never returns. From any thread. */
    boolean removed(long member);

    /**
     * Writes the whole state to a fresh directory, durably. Runs beside everything else, entries
     * being applied among it; from any thread but one at a time.
     *
     * @return which state the directory holds: one that was there during the call
     */
    SnapshotMark checkpoint(Path directory) throws IOException;

    /**
     * Reads a checkpoint that another member took, before anything is made of it. From any thread.
     *
     * @throws flotilla.platform.disk.DamagedFile when it is damaged
     * @throws IOException when it is of a version that this one doesn't read
     */
    void examine(Path directory) throws IOException;

    /**
     * Replaces the whole state by that of a checkpoint (taken by any member).
     *
     * @throws IOException as {@link #examine} does: then the state is as it was
     */
    void restore(Path directory) throws IOException;

    /**
     * Reads the state's own files from end to end; if they are damaged the member is told to stop.
     * From any thread.
     */
    void lookForDamage();

    /** Makes all that was applied so far durable, so that the log may forget it. */
    void flush() throws IOException;

    /** The cluster's feature level, as of {@link #appliedIndex}. From any thread. */
    int level();

    /** Whether a member has ever told of itself: it took part. From any thread. */
    boolean knows(long member);

    /**
     * What the keys and their history up to a revision come to. Reads everything, and takes long on
     * a large store; from any thread.
     */
    StateHash hashAt(long revision);

    @Override
    void close();
}
