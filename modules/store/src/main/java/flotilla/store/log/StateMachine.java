package flotilla.store.log;

import flotilla.store.apply.Applied;
import flotilla.store.command.CommandBatch;
import java.io.IOException;
import java.nio.file.Path;
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
    /** Index of the last entry applied; 0 for a fresh state. */
    long appliedIndex();

    /** Its term; 0 for a fresh state. */
    long appliedTerm();

    /**
     * Applies one log entry, command by command; a refused command does not stop those after it.
     *
     * @return what each command came to, in order
     */
    List<Applied> apply(long index, long term, CommandBatch batch);

    /** Notes an entry that carries no command (a new leader's first, a membership change). */
    void skip(long index, long term);

    /**
     * Writes the whole state to a fresh directory, durably. What the directory holds is exactly the
     * state at {@link #appliedIndex}; may run beside reads, never beside {@link #apply}.
     */
    void checkpoint(Path directory) throws IOException;

    /**
     * Replaces the whole state by that of a checkpoint (taken by any member).
     *
     * @throws flotilla.platform.disk.DamagedFile when it is damaged: then the state is as it was
     */
    void restore(Path directory) throws IOException;

    /** Makes all that was applied so far durable, so that the log may forget it. */
    void flush() throws IOException;

    /** Whether a member has ever told of itself: it took part. From any thread. */
    boolean knows(long member);

    @Override
    void close();
}
