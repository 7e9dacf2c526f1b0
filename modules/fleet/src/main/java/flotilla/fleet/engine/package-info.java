/**
 * Who decides where units run: keeps the cluster in memory, compares what is wanted with what is,
 * and says what to change. Pure: what it hears, its time and the outcomes of what it decided come
 * in as events; it never talks to machines or to the store. Read {@link
 * flotilla.fleet.engine.EngineMachine} first, then {@link flotilla.fleet.engine.Reconciler}.
 */
@NullMarked
package flotilla.fleet.engine;

import org.jspecify.annotations.NullMarked;
