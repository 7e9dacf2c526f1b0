/**
 * "etcd": the replicated, strongly consistent key-value store.
 *
 * <p>{@code mvcc}, {@code lease} and {@code watch} decide and know no I/O; {@code raft} orders,
 * {@code disk} keeps, {@code wire} speaks; {@code EtcdServer} only wires. Read {@link
 * flotilla.store.StateMachine} first.
 */
@NullMarked
package flotilla.store;

import org.jspecify.annotations.NullMarked;
