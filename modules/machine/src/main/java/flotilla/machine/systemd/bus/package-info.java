/**
 * The wire to systemd: its D-Bus interface as Java, and one connection. Decides nothing: what it
 * hears it hands on as {@link flotilla.machine.systemd.ledger.Signal}s. Read {@link
 * flotilla.machine.systemd.bus.Bus} first.
 */
@NullMarked
package flotilla.machine.systemd.bus;

import org.jspecify.annotations.NullMarked;
