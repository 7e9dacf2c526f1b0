/**
 * What etcd's store is, in few words: keys, revisions, leases, compaction. Written from etcd's
 * contract and not from our state machine, so that each can find the other wrong. Read {@link
 * flotilla.sim.model.StoreModel} first.
 */
@NullMarked
package flotilla.sim.model;

import org.jspecify.annotations.NullMarked;
