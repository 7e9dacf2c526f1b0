package flotilla.sim.fleet.keeper;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.engine.Transaction.Condition;
import flotilla.fleet.job.Deed;
import java.util.List;

/**
 * One transaction.
 *
 * @param guard the lease of whoever must lead; 0 when nobody must
 * @param lease that what is put lives under; 0 for none
 * @param deeds lines of history that are written with it
 */
public record Write(
        List<Condition> conditions,
        List<? extends Entry> puts,
        List<? extends Key> deletes,
        long guard,
        long lease,
        List<Deed> deeds) {
    public Write {
        deeds = List.copyOf(deeds);
        conditions = List.copyOf(conditions);
        puts = List.copyOf(puts);
        deletes = List.copyOf(deletes);
    }

    /** One that history tells nothing of. */
    public Write(
            List<Condition> conditions,
            List<? extends Entry> puts,
            List<? extends Key> deletes,
            long guard,
            long lease) {
        this(conditions, puts, deletes, guard, lease, List.of());
    }

    /** Under no conditions and no lease. */
    public static Write of(List<? extends Entry> puts, List<? extends Key> deletes) {
        return new Write(List.of(), puts, deletes, 0, 0);
    }
}
