/**
 * Whether members hold the same (etcd's {@code --experimental-corrupt-check-time} and {@code
 * --experimental-initial-corrupt-check}). {@link flotilla.store.corruption.Comparison} decides and
 * knows neither log nor clock; {@link flotilla.store.corruption.CorruptCheck} looks while a member
 * runs and raises the alarm CORRUPT, {@link flotilla.store.corruption.InitialCheck} before it takes
 * part. Knows nothing of how members are asked.
 */
@org.jspecify.annotations.NullMarked
package flotilla.store.corruption;
