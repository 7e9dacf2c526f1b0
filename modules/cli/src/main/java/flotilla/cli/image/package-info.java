/** The commands of container images that the cluster keeps. Read {@link Image} first. */
@NullMarked
package flotilla.cli.image;

import org.jspecify.annotations.NullMarked;
