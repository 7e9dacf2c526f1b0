/**
 * What systemd's bus has said so far, put together: which units are how, and which jobs have ended.
 * Knows no bus, clock or thread. Read {@link flotilla.machine.systemd.ledger.Ledger} first.
 */
@NullMarked
package flotilla.machine.systemd.ledger;

import org.jspecify.annotations.NullMarked;
