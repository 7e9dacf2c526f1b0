/**
 * A client of etcd's v3 API, ours or the original: endpoint rotation, a watch that resumes, leases
 * kept alive, elections. Calls block and are meant for virtual threads. Knows nothing of the
 * store's inside. Read {@link flotilla.client.EtcdClient} first.
 */
@NullMarked
package flotilla.client;

import org.jspecify.annotations.NullMarked;
