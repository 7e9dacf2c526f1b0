/**
 * Which machine gets which unit, and why not. Pure: the same units and machines give the same
 * schedule, whoever computes it. Knows nothing of stores, agents or time. Read {@link
 * flotilla.fleet.schedule.Board} first.
 */
@NullMarked
package flotilla.fleet.schedule;

import org.jspecify.annotations.NullMarked;
