/**
 * What a log entry does to the state: {@link flotilla.store.apply.BatchApplier} turns commands into
 * changes, events and results, and depends on nothing but the state before and the entry. Its key
 * spaces have packages of their own. Knows no disk, thread, clock or wire. Read {@code
 * BatchApplier} first.
 */
@NullMarked
package flotilla.store.apply;

import org.jspecify.annotations.NullMarked;
