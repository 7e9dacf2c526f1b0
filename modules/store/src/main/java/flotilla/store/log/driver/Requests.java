package flotilla.store.log.driver;

/**
 * What all that this member proposes and asks has in common.
 *
 * @param origin of this life of this member; never used before, by itself or another
 * @param timeoutNanos how long one may take, from its coming in to its answer
 */
record Requests(long origin, long timeoutNanos) {}
