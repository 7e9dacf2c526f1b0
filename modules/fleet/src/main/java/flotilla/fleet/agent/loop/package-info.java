/**
 * The world around one machine's agent: the loop that has {@link flotilla.fleet.agent.AgentMachine}
 * decide and carries out what it says, the lease, the diary. Decides nothing about units. Read
 * {@link flotilla.fleet.agent.loop.Agent} first.
 */
@NullMarked
package flotilla.fleet.agent.loop;

import org.jspecify.annotations.NullMarked;
