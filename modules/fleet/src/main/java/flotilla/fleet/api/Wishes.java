package flotilla.fleet.api;

import flotilla.client.Txn;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Deed.What;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Job;
import flotilla.fleet.registry.Registry;
import flotilla.platform.Clock;
import flotilla.platform.http.Request;
import java.util.List;
import java.util.Optional;

/**
 * Writes what people ask for, together with a line of history that says who it was, as far as that
 * is known: whom the kernel names at the other end of the socket, or the address, and the machine
 * that was asked.
 *
 * @param machineId of this machine
 */
record Wishes(Registry registry, String machineId, Clock clock) {
    /**
     * What must not have changed.
     *
     * @param revision of its last change; 0 when it must not be there
     */
    record Guard(Key key, long revision) {}

    /** False, and nothing is written, when something else was asked of it meanwhile. */
    boolean write(Guard guard, List<Entry> entries, Deed deed) {
        return write(List.of(guard), entries, deed);
    }

    /** The same where several things must not have changed. */
    boolean write(List<Guard> guards, List<Entry> entries, Deed deed) {
        return registry.history()
                .commit(
                        () -> {
                            Txn txn = registry.txn();
                            guards.forEach(guard ->
                                    txn.when(registry.unchanged(guard.key(), guard.revision())));
                            entries.forEach(entry -> txn.then(registry.put(entry)));
                            return txn;
                        },
                        List.of(deed))
                .getSucceeded();
    }

    Deed of(What what, Job job, Request request) {
        return Deed.asked(what, job, who(request), nowMillis());
    }

    Deed destroyed(String unit, Request request) {
        return new Deed(
                What.DESTROYED,
                nowMillis(),
                unit,
                "",
                "",
                "",
                Optional.empty(),
                0,
                who(request),
                "");
    }

    Deed of(Eligibility word, String machine, Request request) {
        What what =
                switch (word) {
                    case READY -> What.UNCORDONED;
                    case CORDONED -> What.CORDONED;
                    case DRAINING -> What.DRAINED;
                };
        return new Deed(
                what, nowMillis(), "", "", machine, "", Optional.empty(), 0, who(request), "");
    }

    /** Whom the request is from, as far as that is known, and the machine that was asked. */
    String who(Request request) {
        String user = request.user().get();
        return (user.isEmpty() ? request.client() : user) + "@" + machineId;
    }

    private long nowMillis() {
        return clock.now().toEpochMilli();
    }
}
