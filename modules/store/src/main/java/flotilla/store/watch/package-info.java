/**
 * Watches: who wants to hear of which keys, and what each has been told. Decides step by step in
 * {@link flotilla.store.watch.WatchHub#work}, which a loop elsewhere drives; must never know
 * threads, sockets or clocks. Read {@link flotilla.store.watch.WatchHub} first.
 */
@NullMarked
package flotilla.store.watch;

import org.jspecify.annotations.NullMarked;
