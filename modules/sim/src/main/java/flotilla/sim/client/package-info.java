/**
 * Clients of the cluster, as many as overlap, who remember what they were told. Read {@link
 * flotilla.sim.client.Client} first.
 */
@NullMarked
package flotilla.sim.client;

import org.jspecify.annotations.NullMarked;
