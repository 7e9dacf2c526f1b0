package flotilla.store.log.driver;

import java.util.function.IntSupplier;

/**
 * What all that this member proposes and asks has in common.
 *
 * @param origin of this life of this member; never used before, by itself or another
 * @param timeoutNanos how long one may take, from its coming in to its answer
 * @param level the cluster's feature level, as far as it is known here; from any thread
 */
record Requests(long origin, long timeoutNanos, IntSupplier level) {}
