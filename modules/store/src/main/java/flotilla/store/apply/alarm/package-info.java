/**
 * The alarms of etcd: what is known to be wrong with a member, in the replicated state, so that all
 * members refuse the same writes until somebody has looked and disarmed it. Who raises them is not
 * known here. Read {@link flotilla.store.apply.alarm.Alarms}.
 */
@NullMarked
package flotilla.store.apply.alarm;

import org.jspecify.annotations.NullMarked;
