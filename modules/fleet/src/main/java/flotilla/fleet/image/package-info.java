/**
 * Images of containers that lie on the cluster's machines: the archive that they come in, a
 * machine's blobs, the way from machine to machine, and to its engine. Knows nothing of units, and
 * of the store only what an image is made of and who has it. Read {@link
 * flotilla.fleet.image.Images} first.
 */
@NullMarked
package flotilla.fleet.image;

import org.jspecify.annotations.NullMarked;
