/**
 * Machines from nothing: the contract of every provider. Knows nothing of how a machine is made
 * (that is each provider's own package), nor of what runs on it beyond its user-data. Read {@link
 * flotilla.provision.Provider} first.
 */
@NullMarked
package flotilla.provision;

import org.jspecify.annotations.NullMarked;
