/**
 * One service's life, decided without touching anything: its configuration from a unit file, its
 * state, and what each event does to it. Knows no process, file, thread or clock. Read {@link
 * flotilla.machine.service.ServiceMachine} first.
 */
@NullMarked
package flotilla.machine.service;

import org.jspecify.annotations.NullMarked;
