/**
 * What a machine keeps of the cluster that it belongs to: where its files are, and copies of them
 * for who runs as another user. Read {@link flotilla.trust.home.TrustHome} first.
 */
@NullMarked
package flotilla.trust.home;

import org.jspecify.annotations.NullMarked;
