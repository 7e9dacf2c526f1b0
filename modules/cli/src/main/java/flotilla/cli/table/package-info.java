/**
 * Tables for people and for {@code cut}: columns as the originals' tools print them. Pure; knows no
 * command. Read {@link flotilla.cli.table.Table} first.
 */
@NullMarked
package flotilla.cli.table;

import org.jspecify.annotations.NullMarked;
