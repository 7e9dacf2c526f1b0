/**
 * Groups of cores from one seed: a model of disk, network and state machine around each, faults,
 * and the promises of Raft checked after every event. Knows the core as a driver does, by its
 * inputs and its Ready. Read {@link flotilla.raft.sim.Simulation} first.
 */
@NullMarked
package flotilla.raft.sim;

import org.jspecify.annotations.NullMarked;
