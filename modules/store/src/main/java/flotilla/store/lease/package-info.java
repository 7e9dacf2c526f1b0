/**
 * The leader's clock for leases: {@link flotilla.store.lease.LeaseClock} tells the pure {@link
 * flotilla.store.apply.lease.Lessor} the time and proposes what it decides. What a lease is and
 * holds is {@code apply.lease}'s.
 */
@NullMarked
package flotilla.store.lease;

import org.jspecify.annotations.NullMarked;
