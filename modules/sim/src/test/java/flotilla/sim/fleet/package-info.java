/** Simulation of the right engine and agent, and of ones with bugs planted in them. */
@NullMarked
package flotilla.sim.fleet;

import org.jspecify.annotations.NullMarked;
