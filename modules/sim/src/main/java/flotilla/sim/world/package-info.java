/**
 * What is outside of a program: time, chance, machines that crash and pause, the network between
 * them, their disks. All of it comes from one seed, one event after the other. Knows the ports that
 * it stands behind, not who uses them. Read {@link flotilla.sim.world.World} first.
 */
@NullMarked
package flotilla.sim.world;

import org.jspecify.annotations.NullMarked;
