/**
 * What concurrent clients see of real members while members crash, stand still, lose each other and
 * run out of disk, put before the simulator's checker. Read {@link
 * flotilla.conformance.history.HistoryIT} first.
 */
@NullMarked
package flotilla.conformance.history;

import org.jspecify.annotations.NullMarked;
