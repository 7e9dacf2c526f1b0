/**
 * What the engine stands on: its election and its terms of office, the one loop that feeds the
 * {@link flotilla.fleet.engine.EngineMachine} and carries its decisions out, in transactions that
 * only the leader can make. Decides nothing. Read {@link flotilla.fleet.engine.office.Reign} first.
 */
@NullMarked
package flotilla.fleet.engine.office;

import org.jspecify.annotations.NullMarked;
