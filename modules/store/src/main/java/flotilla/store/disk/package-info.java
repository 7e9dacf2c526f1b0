/**
 * Where the store's bytes are kept: RocksDB behind {@link flotilla.store.disk.Storage}, and a heap
 * twin of it. Must never know what the bytes mean. Read {@link flotilla.store.disk.Storage} first,
 * for what is durable when.
 */
@NullMarked
package flotilla.store.disk;

import org.jspecify.annotations.NullMarked;
