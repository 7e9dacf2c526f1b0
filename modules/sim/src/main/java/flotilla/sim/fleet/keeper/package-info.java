/**
 * The store as fleet sees it: transactions, leases, watches and an election, in memory and with
 * fleet's own values, and ways to it that lose, delay and end. Knows neither engines nor agents.
 * Read {@link flotilla.sim.fleet.keeper.Keeper} first.
 */
@NullMarked
package flotilla.sim.fleet.keeper;

import org.jspecify.annotations.NullMarked;
