/**
 * One machine's part: it announces the machine, makes its init do what the machine is told, and
 * publishes how the units fare. Watches nothing but its own prefix; places nothing. Read {@link
 * flotilla.fleet.agent.Reconciler} first, then {@link flotilla.fleet.agent.Agent}.
 */
@NullMarked
package flotilla.fleet.agent;

import org.jspecify.annotations.NullMarked;
