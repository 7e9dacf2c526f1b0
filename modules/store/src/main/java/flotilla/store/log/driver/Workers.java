package flotilla.store.log.driver;

import java.util.concurrent.Executor;

/**
 * The threads of a member's log, each the one owner of its part.
 *
 * @param core owns the consensus core, and all that is not said to be somebody else's; never blocks
 * @param disk writes the log; one task at a time, in order
 * @param apply changes the state machine; one task at a time, in order
 * @param snapshots takes and sends checkpoints; one task at a time, in order
 * @param readers reads old entries of the log for members that lag, and all keys for those that
 *     compare; any number at a time
 * @param replies completes callers' futures, which may do as they like; any number at a time
 */
public record Workers(
        Loop core,
        Executor disk,
        Executor apply,
        Executor snapshots,
        Executor readers,
        Executor replies) {}
