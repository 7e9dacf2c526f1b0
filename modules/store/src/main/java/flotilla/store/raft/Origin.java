package flotilla.store.raft;

import java.time.Instant;

/**
 * Whose a batch is: with its number, what tells it from all others in the log.
 *
 * @param member the id of the member that proposes it
 * @param firstNumber greater than any this member used before it was restarted
 */
record Origin(long member, long firstNumber) {
    /** A number of an earlier run may still come back from the log: starts above all of them. */
    static Origin since(Instant start, long member) {
        return new Origin(member, start.toEpochMilli() << 20);
    }
}
