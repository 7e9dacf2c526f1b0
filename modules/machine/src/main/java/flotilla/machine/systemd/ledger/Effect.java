package flotilla.machine.systemd.ledger;

import flotilla.machine.Init.JobResult;
import java.util.Set;

/** What follows from a {@link Signal}. */
public sealed interface Effect {
    /** Ask for all units now. */
    record ListAll() implements Effect {}

    /** Ask for all units in a while: a job may have ended unheard. */
    record ListLater() implements Effect {}

    /** Something about these units may be another. */
    record Tell(Set<String> units) implements Effect {}

    /** That order has ended, or nobody will ever know. */
    record Ended(long order, JobResult result) implements Effect {}
}
