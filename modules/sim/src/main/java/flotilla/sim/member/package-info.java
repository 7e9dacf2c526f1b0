/**
 * One member: the production classes on a machine of the simulated world, and the ports of the
 * store that no other package simulates. Read {@link flotilla.sim.member.Member} first.
 */
@NullMarked
package flotilla.sim.member;

import org.jspecify.annotations.NullMarked;
