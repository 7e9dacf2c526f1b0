/**
 * How a member begins: etcd's flags ({@link flotilla.store.boot.EtcdConfig}), the data directory
 * that remembers who it is, and, the first time, who takes part. Never asked again once it runs.
 * Read {@code EtcdConfig} first.
 */
@NullMarked
package flotilla.store.boot;

import org.jspecify.annotations.NullMarked;
