/**
 * The token service of a cluster on this host, and its URL in a user-data. What it serves is in
 * {@code flotilla.discovery}.
 */
@NullMarked
package flotilla.provision.discovery;

import org.jspecify.annotations.NullMarked;
