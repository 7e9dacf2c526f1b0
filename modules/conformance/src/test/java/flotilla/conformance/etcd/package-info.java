/**
 * The store beside Debian's etcd: the same operations, the same answers; and what it keeps when its
 * processes are killed. Read {@link flotilla.conformance.etcd.DifferentialIT} first.
 */
@NullMarked
package flotilla.conformance.etcd;

import org.jspecify.annotations.NullMarked;
