/**
 * Whole fleets from a seed: production engines and agents over a store, machines and units that
 * anything may happen to, and people who want things of them; what was promised is checked as it
 * happens. Read {@link flotilla.sim.fleet.FleetSimulation} first.
 */
@NullMarked
package flotilla.sim.fleet;

import org.jspecify.annotations.NullMarked;
