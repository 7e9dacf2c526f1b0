/**
 * Why a unit is where it is, or why it is nowhere: said for people, from the cluster as it stands
 * and the scheduler's own answers. Pure. Read {@link flotilla.fleet.why.Inquiry} first.
 */
@NullMarked
package flotilla.fleet.why;

import org.jspecify.annotations.NullMarked;
