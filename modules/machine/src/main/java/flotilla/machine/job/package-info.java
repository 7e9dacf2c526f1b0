/**
 * Which jobs a request leads to and in which order they may run, from the dependencies between
 * units (systemd.unit(5)). Pure: knows no process and no file. Read {@link
 * flotilla.machine.job.JobPlanner} first, then {@link flotilla.machine.job.JobQueue}.
 */
@NullMarked
package flotilla.machine.job;

import org.jspecify.annotations.NullMarked;
