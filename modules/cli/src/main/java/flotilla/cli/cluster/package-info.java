/**
 * The commands about this host's own cluster: up, down, status, machine. Each reads its options,
 * has {@link flotilla.provision.local.LocalCluster} do it and prints. Read {@link
 * flotilla.cli.cluster.Up} first.
 */
@NullMarked
package flotilla.cli.cluster;

import org.jspecify.annotations.NullMarked;
