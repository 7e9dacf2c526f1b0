/**
 * Real server processes, the original's and ours, started the same way, for tests and measurements.
 * Knows flags and ports, never what is asked of the servers. Read {@link
 * flotilla.conformance.servers.Cluster} first.
 */
@NullMarked
package flotilla.conformance.servers;

import org.jspecify.annotations.NullMarked;
