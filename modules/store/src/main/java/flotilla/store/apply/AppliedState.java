package flotilla.store.apply;

import flotilla.store.apply.alarm.Alarms;
import flotilla.store.apply.level.FeatureLevel;
import flotilla.store.apply.mvcc.Backend;
import flotilla.store.apply.mvcc.StoreState;

/**
 * What every entry is judged by, as the last one left it: kept, so that none has to read it.
 *
 * @param level the cluster's, as {@link FeatureLevel} has it
 */
public record AppliedState(StoreState store, Alarms alarms, int level) {
    public static AppliedState read(Backend.View view) {
        return new AppliedState(StoreState.read(view), Alarms.read(view), FeatureLevel.read(view));
    }

    /** After an entry that changes nothing else of it. */
    public AppliedState at(long index, long term) {
        return new AppliedState(store.at(index, term), alarms, level);
    }
}
