package flotilla.raft;

/**
 * What a member's core is told once. Time is counted in ticks of the driver's clock.
 *
 * @param id this member; not 0
 * @param seed of the election timeouts: members must differ, or they stand against each other for
 *     ever
 * @param timing when to act unasked
 * @param limits what a leader holds and sends at most
 */
public record RaftConfig(long id, long seed, Timing timing, Limits limits) {
    /**
     * @param electionTicks a follower that hears nothing for between one and two times this stands
     *     for election; also how long a lease, a transfer, a question or an unfinished write may
     *     last
     * @param heartbeatTicks how often a leader shows that it lives
     */
    public record Timing(int electionTicks, int heartbeatTicks) {
        /** As etcd: a heartbeat each tick, an election after 10 to 19 (server/embed/config.go). */
        public static final Timing DEFAULT = new Timing(10, 1);

        public Timing {
            if (heartbeatTicks < 1 || electionTicks <= heartbeatTicks) {
                throw new IllegalArgumentException(
                        "an election timeout of %d ticks must be longer than a heartbeat of %d"
                                .formatted(electionTicks, heartbeatTicks));
            }
        }
    }

    /**
     * @param appendBytes of entries in one append; a larger entry goes alone
     * @param appendEntries in one append, however small they are
     * @param windowMessages appends to one follower that may be unanswered
     * @param windowBytes of entries to one follower that may be unanswered
     * @param uncommittedBytes of entries behind the commit index; beyond it proposals are refused
     * @param reads that may wait for a round, and as many that may be in one
     */
    public record Limits(
            long appendBytes,
            int appendEntries,
            int windowMessages,
            long windowBytes,
            long uncommittedBytes,
            int reads) {
        /** Of entries in one append: as etcd (server/etcdserver/raft.go, maxSizePerMsg). */
        public static final long APPEND_BYTES = 1 << 20;

        /** In one append: what 1 MiB of the smallest useful commands comes to. */
        public static final int APPEND_ENTRIES = 8_192;

        /** Unanswered appends: as etcd (server/etcdserver/raft.go, maxInflightMsgs). */
        public static final int WINDOW_MESSAGES = 512;

        /** Unanswered bytes: 100 ms of a 2.5 Gbit/s line; etcd has no such limit. */
        public static final long WINDOW_BYTES = 32 << 20;

        /** Uncommitted bytes: a second of a fast disk; etcd has no such limit. */
        public static final long UNCOMMITTED_BYTES = 64 << 20;

        /** Reads: far above what one round can gather, far below what hurts. */
        public static final int READS = 65_536;

        public static final Limits DEFAULT =
                new Limits(
                        APPEND_BYTES,
                        APPEND_ENTRIES,
                        WINDOW_MESSAGES,
                        WINDOW_BYTES,
                        UNCOMMITTED_BYTES,
                        READS);
    }

    public RaftConfig {
        if (id == 0) {
            throw new IllegalArgumentException("0 means nobody: it is no member's id");
        }
    }

    /** With etcd's timing and the limits above. */
    public static RaftConfig of(long id, long seed) {
        return new RaftConfig(id, seed, Timing.DEFAULT, Limits.DEFAULT);
    }
}
