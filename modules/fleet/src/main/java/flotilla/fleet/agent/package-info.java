/**
 * One machine's part: it makes the machine's init do what the machine is told, says how far it is
 * and how the units fare, and gives up in time what must not run twice. Pure: {@link
 * flotilla.fleet.agent.loop} is its way to the world. Read {@link
 * flotilla.fleet.agent.AgentMachine} first, then {@link flotilla.fleet.agent.UnitLife}.
 */
@NullMarked
package flotilla.fleet.agent;

import org.jspecify.annotations.NullMarked;
