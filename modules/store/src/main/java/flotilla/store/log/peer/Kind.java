package flotilla.store.log.peer;

import flotilla.store.log.ReplicatedLog;
import org.jspecify.annotations.Nullable;

/** What a parcel is. The numbers are the protocol's: they may be added to, never changed. */
enum Kind {
    HELLO(1, Lane.URGENT),
    REFUSAL(2, Lane.URGENT),
    PING(3, Lane.URGENT),
    PONG(4, Lane.URGENT),
    INTRODUCE(5, Lane.URGENT),
    INTRODUCTION(6, Lane.URGENT),
    REMOVED(7, Lane.URGENT),

    HEARTBEAT(16, Lane.URGENT),
    HEARTBEAT_ANSWER(17, Lane.URGENT),
    VOTE_REQUEST(18, Lane.URGENT),
    VOTE_ANSWER(19, Lane.URGENT),
    NEWER_TERM(20, Lane.URGENT),
    TIMEOUT_NOW(21, Lane.URGENT),
    TIMEOUT_REFUSED(22, Lane.URGENT),
    READ_REQUEST(23, Lane.URGENT),
    READ_ANSWER(24, Lane.URGENT),
    READ_REFUSED(25, Lane.URGENT),

    APPEND(32, Lane.ORDERED),
    ACCEPTED(33, Lane.ORDERED),
    REJECTED(34, Lane.ORDERED),

    QUESTION(48, Lane.ORDERED),
    ANSWER(49, Lane.ORDERED),
    NO_ANSWER(50, Lane.ORDERED),

    OFFER(64, Lane.ORDERED),
    WANTED(65, Lane.URGENT),
    CHUNK(66, Lane.SNAPSHOT),
    END(67, Lane.SNAPSHOT),
    KEPT(68, Lane.URGENT),
    DONE(69, Lane.URGENT),
    DECLINED(70, Lane.URGENT),
    ABANDONED(71, Lane.URGENT);

    /**
     * Who waits behind whom: within a lane parcels keep their order, and a frame of a later lane
     * goes only when the earlier ones have none.
     */
    enum Lane {
        /** Small parcels on which elections, reads and the flow of snapshots hang; one frame. */
        URGENT(Frame.PAYLOAD_MAX),

        /**
         * Entries and questions: the largest command, an append's worth of small entries, and what
         * stands around them, in bytes.
         */
        ORDERED(ReplicatedLog.COMMAND_BYTES_MAX + (4 << 20)),

        /** Snapshots' bytes. */
        SNAPSHOT(2 * Manifest.CHUNK_BYTES);

        private final int parcelBytesMax;

        Lane(int parcelBytesMax) {
            this.parcelBytesMax = parcelBytesMax;
        }

        /** The largest parcel that may go here, in bytes. */
        int parcelBytesMax() {
            return parcelBytesMax;
        }
    }

    private static final @Nullable Kind[] BY_NUMBER = new @Nullable Kind[128];

    static {
        for (Kind kind : values()) {
            BY_NUMBER[kind.number] = kind;
        }
    }

    private final int number;
    private final Lane lane;

    Kind(int number, Lane lane) {
        this.number = number;
        this.lane = lane;
    }

    int number() {
        return number;
    }

    Lane lane() {
        return lane;
    }

    /**
     * @throws Malformed if there is no such kind
     */
    static Kind of(int number) {
        Kind kind = number < 0 || number >= BY_NUMBER.length ? null : BY_NUMBER[number];
        if (kind == null) {
            throw new Malformed("a parcel of the unknown kind " + number);
        }
        return kind;
    }
}
