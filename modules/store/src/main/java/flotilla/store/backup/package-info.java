/**
 * A member's state as a file of etcd's, which its own tools take back: {@link
 * flotilla.store.backup.Backup} says what is in it, {@link flotilla.store.backup.BoltFile} how it
 * is laid out. Knows no disk and no network: the bytes go wherever the caller wants them. Read
 * {@code Backup} first.
 */
@NullMarked
package flotilla.store.backup;

import org.jspecify.annotations.NullMarked;
