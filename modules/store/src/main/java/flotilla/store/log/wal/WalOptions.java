package flotilla.store.log.wal;

/**
 * How large the parts of a log are.
 *
 * @param segmentBytes a file that has reached this is followed by another
 * @param stepBytes how much of a file is written with zeros at a time, before records need it: then
 *     a full disk shows before a record is half written, and an fsync seldom has a new length to
 *     store. etcd takes a whole file at once, which stops its writer for the time of 64 MB
 * @param cacheBytes data of the newest entries that is kept in memory for followers
 */
public record WalOptions(long segmentBytes, int stepBytes, int cacheBytes) {
    /** etcd's SegmentSizeBytes. */
    private static final long SEGMENT_BYTES = 64_000_000;

    private static final int STEP_BYTES = 1 << 20;

    /** What followers that are a few round trips behind ask for again. */
    private static final int CACHE_BYTES = 4 << 20;

    /** etcd's files; for machines with room. */
    public static final WalOptions DEFAULT = new WalOptions(SEGMENT_BYTES, STEP_BYTES, CACHE_BYTES);

    public WalOptions {
        if (segmentBytes < 1 || stepBytes < 1 || cacheBytes < 0) {
            throw new IllegalArgumentException(
                    "a log's files and steps hold a byte at least, not %d and %d, cache %d"
                            .formatted(segmentBytes, stepBytes, cacheBytes));
        }
    }
}
