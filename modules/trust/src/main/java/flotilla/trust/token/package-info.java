/**
 * The tokens that machines join a cluster by, and the rules of who gets a certificate. Pure: time
 * and randomness come in as parameters. Read {@link flotilla.trust.token.Admission} first.
 */
@NullMarked
package flotilla.trust.token;

import org.jspecify.annotations.NullMarked;
