package flotilla.store.log.peer;

import flotilla.raft.message.Message;
import flotilla.store.log.Introduction;
import flotilla.store.log.SnapshotShelf.Part;
import flotilla.store.peer.PeerReply;
import flotilla.store.peer.PeerRequest;
import java.util.List;

/** What one member says to another over a connection. */
sealed interface Parcel {
    /** Of consensus. */
    record Raft(Message message) implements Parcel {}

    /**
     * @param id the asker's own number for it
     */
    record Question(long id, PeerRequest request) implements Parcel {}

    record Answer(long id, PeerReply reply) implements Parcel {}

    /** The question came in and has no answer. */
    record NoAnswer(long id, String reason) implements Parcel {}

    /**
     * A snapshot could be sent; also how an interrupted sending is taken up again.
     *
     * @param sending the sender's number for this sending, never used for another one
     * @param beginning how often it has been offered: what belongs to an earlier time is void
     * @param term of the leader that sends it
     */
    record Offer(long sending, int beginning, long term, Manifest manifest) implements Parcel {
        List<Part> parts() {
            return manifest.parts();
        }
    }

    /**
     * The offered snapshot is wanted, from there on.
     *
     * @param digest of all bytes before
     * @param windowBytes how far the sender may be ahead of what is {@link Kept}
     */
    record Wanted(long sending, int beginning, Position from, int digest, int windowBytes)
            implements Parcel {}

    /** Bytes of one part. */
    record Chunk(long sending, int beginning, Position at, byte[] data) implements Parcel {}

    /**
     * That was all.
     *
     * @param digest of all bytes
     */
    record End(long sending, int beginning, int digest) implements Parcel {}

    /** Everything before has been written by the receiver; again and again while it is at work. */
    record Kept(long sending, Position upTo) implements Parcel {}

    /** The receiver has the whole snapshot on its disk. */
    record Done(long sending) implements Parcel {}

    /** The receiver doesn't want it, or can't take it. */
    record Declined(long sending, String reason) implements Parcel {}

    /** The sender has given it up. */
    record Abandoned(long sending) implements Parcel {}

    /** Are you there? Brings its number back as a {@link Pong} on the same connection. */
    record Ping(long number) implements Parcel {}

    record Pong(long number) implements Parcel {}

    /** The first word of both sides. */
    record Greeting(Hello hello) implements Parcel {}

    /**
     * Who are you? In place of a {@link Greeting}, from one that is to join and has no id yet.
     * Answered by an {@link Introduced} or a {@link Refusal}; nothing else follows. Both stay as
     * they are in every version of the protocol, but for what may follow at their end.
     */
    record Introduce() implements Parcel {}

    record Introduced(Introduction introduction) implements Parcel {}

    /**
     * Why the other side is not talked to; the last word.
     *
     * @param removed it was a member and was removed: it is to stop
     */
    record Refusal(String reason, boolean removed) implements Parcel {
        Refusal(String reason) {
            this(reason, false);
        }
    }
}
