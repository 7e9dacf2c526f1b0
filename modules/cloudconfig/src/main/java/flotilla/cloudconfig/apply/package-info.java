/**
 * Does what a plan says to a machine: the only part of cloud-config that touches one. Read {@link
 * flotilla.cloudconfig.apply.Applier} first.
 */
@NullMarked
package flotilla.cloudconfig.apply;

import org.jspecify.annotations.NullMarked;
