/**
 * Whole clusters from one seed: virtual time, network and disks around the production code, with
 * what must hold checked after every event. Looks at all rooms it runs; none looks at it. Read
 * {@link flotilla.sim.Simulation} first.
 */
@NullMarked
package flotilla.sim;

import org.jspecify.annotations.NullMarked;
