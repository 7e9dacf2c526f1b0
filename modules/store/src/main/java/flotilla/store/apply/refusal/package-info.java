/**
 * Refusals, in etcd's own words: certain, ordinary, and equal on every member. Knows nothing of how
 * they travel. Read {@link flotilla.store.apply.refusal.EtcdError} first.
 */
@NullMarked
package flotilla.store.apply.refusal;

import org.jspecify.annotations.NullMarked;
