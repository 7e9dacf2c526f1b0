package flotilla.store.log;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Port: what the other members say of their states. No method blocks. From any thread. */
public interface OtherStates {
    /** All members but this one, as this one's state has them. */
    List<Membership.Peer> members();

    /**
     * Asks one of them for its hash up to a revision. Fails with {@link Transport.Unsent} when it
     * can't be reached, with another {@link java.io.IOException} when it did not answer in time:
     * then it may be asked again with the same number, and goes on with what it has begun. Fails
     * with {@link UnsupportedOperationException} if it never will.
     *
     * @param check a number for this comparison, by chance
     */
    CompletableFuture<StateHash> hash(long member, long revision, long check);
}
