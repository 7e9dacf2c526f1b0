/**
 * The cluster's certificate authority: it makes what {@link flotilla.trust.token.Admission} has
 * allowed, and nothing that a request asks for. Read {@link flotilla.trust.authority.Authority}
 * first.
 */
@NullMarked
package flotilla.trust.authority;

import org.jspecify.annotations.NullMarked;
