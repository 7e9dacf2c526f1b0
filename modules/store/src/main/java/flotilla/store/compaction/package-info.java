/**
 * When the history of keys is compacted by itself (etcd's {@code --auto-compaction-mode} and {@code
 * --auto-compaction-retention}): {@link flotilla.store.compaction.Rhythm} decides and knows neither
 * clock nor log, {@link flotilla.store.compaction.AutoCompactor} carries out.
 */
@org.jspecify.annotations.NullMarked
package flotilla.store.compaction;
