/**
 * What clusters of every provider have: the user-data they boot from, a lock, and the wait for
 * their machines.
 */
@NullMarked
package flotilla.provision.cluster;

import org.jspecify.annotations.NullMarked;
