/**
 * systemd behind the ports of {@link flotilla.machine}. What its bus says is put together in {@link
 * flotilla.machine.systemd.ledger}; the wire is in {@link flotilla.machine.systemd.bus}. Must never
 * ask systemd again and again for what its signals say. Read {@link
 * flotilla.machine.systemd.SystemdInit} first.
 */
@NullMarked
package flotilla.machine.systemd;

import org.jspecify.annotations.NullMarked;
