/**
 * Does what a plan says to a machine: the only part of cloud-config that touches one. Read {@link
 * flotilla.cloudconfig.apply.Applier} first, and {@link flotilla.cloudconfig.apply.MachineTree} for
 * how a file is reached as root where others may write.
 */
@NullMarked
package flotilla.cloudconfig.apply;

import org.jspecify.annotations.NullMarked;
