/**
 * Keys with their whole history: every write makes a revision, reads may ask for an old one,
 * compaction forgets. Decides on the ordered byte spaces of a {@link
 * flotilla.store.apply.mvcc.Backend}; must never know disks, threads, clocks or the log. Read
 * {@link flotilla.store.apply.mvcc.Space} first, for the layout, then {@link
 * flotilla.store.apply.mvcc.MvccWriter}.
 */
@NullMarked
package flotilla.store.apply.mvcc;

import org.jspecify.annotations.NullMarked;
