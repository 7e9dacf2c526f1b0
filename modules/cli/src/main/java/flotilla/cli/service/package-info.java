/**
 * The long-running services, each as a process of its own: etcd, fleetd, discovery. A class reads
 * flags, starts the room's daemon and ends it on SIGTERM. Read {@link
 * flotilla.cli.service.ServiceRun} first.
 */
@NullMarked
package flotilla.cli.service;

import org.jspecify.annotations.NullMarked;
