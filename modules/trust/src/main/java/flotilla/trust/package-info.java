/**
 * Who belongs to a cluster: its certificate authority, and the tokens that machines join by. What
 * it makes are files, which store and client read as they read anybody's: they know nothing of it.
 */
@NullMarked
package flotilla.trust;

import org.jspecify.annotations.NullMarked;
