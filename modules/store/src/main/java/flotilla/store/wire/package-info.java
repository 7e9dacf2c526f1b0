/**
 * What clients see: etcd's gRPC services, its JSON gateway and its plain HTTP paths, all on one
 * port. Turns requests into proposals to the log and reads of the state machine, and answers with
 * etcd's own codes and texts. Decides nothing about data. Read {@link flotilla.store.wire.EtcdPort}
 * for the port, {@link flotilla.store.wire.KvService} for the life of a request.
 */
@NullMarked
package flotilla.store.wire;

import org.jspecify.annotations.NullMarked;
