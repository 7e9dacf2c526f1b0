/**
 * The commands by which a cluster comes to be, machines join it, and people are let in. Read {@link
 * flotilla.cli.trust.Token} first.
 */
@NullMarked
package flotilla.cli.trust;

import org.jspecify.annotations.NullMarked;
