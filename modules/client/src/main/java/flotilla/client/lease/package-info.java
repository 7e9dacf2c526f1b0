/**
 * When a lease is to be renewed, and when it counts as lost. Pure: it is told the time, and others
 * ask the store. Read {@link flotilla.client.lease.Renewal}.
 */
@NullMarked
package flotilla.client.lease;

import org.jspecify.annotations.NullMarked;
