package flotilla.fleet.agent.heart;

import flotilla.fleet.agent.Event;
import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import java.time.Duration;

/** What a {@link HeartMachine} wants done. What carries a number is answered by a {@link Beat}. */
public sealed interface Step {
    record Grant(long order, Duration ttl) implements Step {}

    record Find(long order, Key.OfMachine key) implements Step {}

    /**
     * Write the machine's key under the lease, and that it is not leaving, unless what was found
     * has changed.
     *
     * @param revision of what was found; 0 for nothing
     */
    record Announce(long order, Entry.OfMachine machine, long lease, long revision)
            implements Step {}

    /**
     * @param patienceMillis until another member is to be asked
     */
    record Renew(long order, long lease, long patienceMillis) implements Step {}

    /**
     * Say for so long how the machine leaves, and tell when that is done; not if it has come back
     * meanwhile: what is written late would count against what it runs by then.
     *
     * @param revision of the machine's key, for as long as it has not come back
     */
    record SayLeaving(Entry.OfLeaving how, Duration time, long revision) implements Step {}

    /** Renew the lease no more, and leave it to expire. */
    record Abandon(long lease) implements Step {}

    /** Renew the lease no more, and have the store end it at once. */
    record GiveBack(long order, long lease) implements Step {}

    /** Ask which members the store has: a machine outlives the one beside it. */
    record LearnMembers() implements Step {}

    /** Tell the agent. */
    record Tell(Event event) implements Step {}

    /** Tell people, once, why the machine is not in the cluster. */
    record Complain(String words) implements Step {}

    /** What was to be said before the daemon goes is said, or can't be. */
    record Left() implements Step {}

    /** Nothing is under way any more. */
    record Ended() implements Step {}

    /** Tell when it is that late, if nothing else happens before. */
    record WakeAt(long monotonicMillis) implements Step {}
}
