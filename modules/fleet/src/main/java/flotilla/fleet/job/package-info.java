/**
 * fleet's nouns: machines, jobs (a unit and what is wanted of it), assignments and states. Plain
 * values that every other package speaks in; knows no store, no init and no wire. Read {@link
 * flotilla.fleet.job.Job} first.
 */
@NullMarked
package flotilla.fleet.job;

import org.jspecify.annotations.NullMarked;
