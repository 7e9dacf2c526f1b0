/**
 * How a machine gets into the cluster, stays there, and goes: its key and the lease under it. Pure:
 * {@link flotilla.fleet.agent.loop.Heart} is the loop around it. Read {@link
 * flotilla.fleet.agent.heart.HeartMachine} first.
 */
@NullMarked
package flotilla.fleet.agent.heart;

import org.jspecify.annotations.NullMarked;
