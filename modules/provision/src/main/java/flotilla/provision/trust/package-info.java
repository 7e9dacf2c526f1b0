/**
 * The certificates of machines that a provider makes. It knows what a machine is to have, not how a
 * machine is made. Read {@link flotilla.provision.trust.ClusterTrust} first.
 */
@NullMarked
package flotilla.provision.trust;

import org.jspecify.annotations.NullMarked;
