package flotilla.store.raft;

import flotilla.platform.Clock;
import java.util.concurrent.ScheduledExecutorService;

/**
 * By what a part of the log that lets callers wait measures their patience.
 *
 * @param timeoutNanos how long one wait may take
 * @param timer for looking at deadlines; must not be blocked
 */
record Timing(Clock clock, long timeoutNanos, ScheduledExecutorService timer) {}
