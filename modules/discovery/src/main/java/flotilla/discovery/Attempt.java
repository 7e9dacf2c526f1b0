package flotilla.discovery;

import java.io.IOException;

/**
 * A member's memory of having registered at its token, in its data directory. It parts a member
 * that crashed while it waited for the others, which may go on, from one that lost its data, which
 * must not: the cluster may count on what it had.
 */
public interface Attempt {
    /** Whether {@link #begin} was called for this token, in this run or an earlier one. */
    boolean mayBeDone() throws IOException;

    /** Right before the first registration. Durable when it returns. */
    void begin() throws IOException;

    /** The place was taken by somebody else: nothing of ours is registered. */
    void drop() throws IOException;
}
