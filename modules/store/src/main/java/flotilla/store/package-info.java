/**
 * "etcd": the replicated, strongly consistent key-value store.
 *
 * <p>{@code apply} decides and knows no I/O; {@code log} orders, {@code disk} keeps, {@code view}
 * shows what was applied, {@code watch} tells of it, {@code lease} counts time for it, {@code wire}
 * speaks, {@code boot} begins. This package only wires them, and nothing imports it from below.
 * Read {@link flotilla.store.EtcdServer} first.
 */
@NullMarked
package flotilla.store;

import org.jspecify.annotations.NullMarked;
