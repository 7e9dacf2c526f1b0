/**
 * One machine of a fleet: its init and the units' processes, and its daemon, in which the
 * production agent and engine decide; with a clock of its own, and whatever may happen to a
 * machine. Read {@link flotilla.sim.fleet.host.Host} first.
 */
@NullMarked
package flotilla.sim.fleet.host;

import org.jspecify.annotations.NullMarked;
