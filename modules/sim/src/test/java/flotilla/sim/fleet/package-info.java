/** Simulation of whole fleets. */
@NullMarked
package flotilla.sim.fleet;

import org.jspecify.annotations.NullMarked;
