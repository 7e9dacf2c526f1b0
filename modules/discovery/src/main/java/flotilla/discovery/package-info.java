/**
 * How machines that know nothing of each other become the members of one cluster: the token
 * service, which speaks discovery.etcd.io's protocol and keeps tokens on disk, and the joining
 * side. Knows neither the store nor Raft. Read {@link flotilla.discovery.DiscoveryServer} and
 * {@link flotilla.discovery.Bootstrap} first.
 */
@NullMarked
package flotilla.discovery;

import org.jspecify.annotations.NullMarked;
