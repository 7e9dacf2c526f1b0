/** What the cluster remembers of tokens and members, in the store: hashes and names, no secrets. */
@NullMarked
package flotilla.trust.registry;

import org.jspecify.annotations.NullMarked;
