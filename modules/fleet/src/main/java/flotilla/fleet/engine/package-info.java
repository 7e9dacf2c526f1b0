/**
 * The one who decides where units run: elected among all machines, it keeps the cluster in memory,
 * compares what is wanted with what is, and changes ownership in transactions that only the leader
 * can make. Never talks to machines. Read {@link flotilla.fleet.engine.Reconciler} first.
 */
@NullMarked
package flotilla.fleet.engine;

import org.jspecify.annotations.NullMarked;
