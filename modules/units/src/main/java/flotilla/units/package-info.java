/**
 * systemd unit files as values: the lossless parser, unit names, specifiers, word splitting, sizes
 * and time spans, and fleet's [X-Fleet] section. Pure: knows no file system, no init and no
 * cluster. Read {@link flotilla.units.UnitFile} first.
 */
@NullMarked
package flotilla.units;

import org.jspecify.annotations.NullMarked;
