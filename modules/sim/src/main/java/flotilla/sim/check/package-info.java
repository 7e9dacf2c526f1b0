/**
 * Whether what clients saw can have come from one store that did one thing after the other. Knows
 * no store and no simulator: histories of real processes pass it too. Read {@link
 * flotilla.sim.check.Linearizability} first.
 */
@NullMarked
package flotilla.sim.check;

import org.jspecify.annotations.NullMarked;
