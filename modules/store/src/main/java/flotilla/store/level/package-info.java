/**
 * Who has the cluster's feature level raised: {@link flotilla.store.level.LevelMonitor}. What it is
 * raised to is decided in {@link flotilla.store.apply.level.FeatureLevel}.
 */
@org.jspecify.annotations.NullMarked
package flotilla.store.level;
