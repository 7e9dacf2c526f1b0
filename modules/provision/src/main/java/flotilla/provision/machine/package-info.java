/**
 * The inside of a local machine: one process that is its init, applies its user-data and carries
 * etcd and fleet. Knows its own directory and nothing of the other machines. Read {@link
 * flotilla.provision.machine.MachineSpec} first.
 */
@NullMarked
package flotilla.provision.machine;

import org.jspecify.annotations.NullMarked;
