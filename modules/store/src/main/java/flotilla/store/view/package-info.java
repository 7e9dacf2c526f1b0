/**
 * The applied state as the log, readers and watchers see it: {@link
 * flotilla.store.view.EtcdStateMachine} publishes one whole state after the other, {@link
 * flotilla.store.view.Compactor} deletes behind it what was compacted. Decides nothing: that is
 * {@code apply}'s. Read {@code EtcdStateMachine} first.
 */
@NullMarked
package flotilla.store.view;

import org.jspecify.annotations.NullMarked;
