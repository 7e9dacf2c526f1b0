package flotilla.store.log;

import flotilla.raft.log.SnapshotMark;
import flotilla.raft.message.Message;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Port: the way to the other members. Messages may be lost, doubled, delayed and overtaken; none is
 * altered. No method blocks, and a member that can't be reached costs nothing: what waits for it is
 * bounded, the oldest is dropped. Heartbeats, votes and their answers never wait behind appends,
 * nor these behind snapshots (raft.md scenario 68).
 */
public interface Transport extends AutoCloseable {
    /** Sends a message to the member it names; an append has its entries in it. */
    void send(Message message);

    /**
     * Puts a question to a member. Fails with an {@link IOException} when no answer came: whether
     * the question arrived is then unknown, unless it is an {@link Unsent}.
     */
    CompletableFuture<PeerReply> ask(long member, PeerRequest request);

    /**
     * Sends a snapshot and closes it. Completes when the receiver has all of it on its disk; the
     * receiver's driver is handed the {@link Message.InstallSnapshot} then. Fails with {@link
     * Declined} if the receiver doesn't take it, with another {@link IOException} for any other
     * reason.
     *
     * @param term of the leader that sends it
     */
    CompletableFuture<Void> send(long member, long term, SnapshotShelf.Stored snapshot);

    /** Who there is and where, from now on; connections to others are closed. */
    void members(Collection<Membership.Peer> members);

    /** Since when a member has been reached without a break, in the clock's nanoseconds. */
    OptionalLong reachedSince(long member);

    /** What went between this member and each other; none where that isn't counted. */
    default List<PeerTraffic> traffic() {
        return List.of();
    }

    /** Returns when nothing more is handed to the {@link Receiver}. */
    @Override
    void close();

    /** A question that certainly never left this member. */
    final class Unsent extends IOException {
        private static final long serialVersionUID = 1;

        public Unsent(String message) {
            super(message);
        }
    }

    /** A snapshot that its receiver did not take: perhaps for what is in it. */
    final class Declined extends IOException {
        private static final long serialVersionUID = 1;

        public Declined(String message) {
            super(message);
        }
    }

    /** Who gets what comes in. Called on network threads: must not block, if not said otherwise. */
    interface Receiver {
        /** Of this group, to this member; an append with its entries. */
        void received(Message message);

        /** What was sent to a member last was probably lost. At most once for each break. */
        void unreachable(long member);

        /** Another member says that this one was removed from the group: it must stop. */
        default void removedBy(long member) {}

        /** The answer to a member's question. */
        CompletableFuture<PeerReply> asked(long from, PeerRequest request);

        /**
         * Whether a member has been removed, as far as is known here: it is told so, and not heard
         * any more. On any thread.
         */
        default boolean removed(long member) {
            return false;
        }

        /**
         * The members as the state has them, for one that is to join; none where this member has
         * yet to learn of them. On any thread.
         */
        default Collection<Membership.Peer> members() {
            return List.of();
        }

        /**
         * The cluster's feature level, as far as it is known here: whoever reads less is not talked
         * to. On any thread.
         */
        default int level() {
            return FeatureLevel.UNDECIDED;
        }

        /**
         * A member begins to send a snapshot; fails if it is not wanted. On a thread that may wait
         * for the disk.
         */
        SnapshotShelf.Arriving arriving(long from, SnapshotMark mark) throws IOException;
    }
}
