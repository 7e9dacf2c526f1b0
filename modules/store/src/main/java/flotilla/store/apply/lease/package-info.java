/**
 * Leases: who holds which keys ({@link flotilla.store.apply.lease.LeaseBook}, replicated state
 * without a clock) and, on the leader alone, when they end ({@link
 * flotilla.store.apply.lease.Lessor}, told the time). Must never know threads, the log or the wire.
 */
@NullMarked
package flotilla.store.apply.lease;

import org.jspecify.annotations.NullMarked;
