/**
 * Which program of a member can read what: {@link flotilla.store.apply.level.FeatureLevel} has the
 * first level of each kind of command, and decides what level all members have in common. Knows no
 * network, disk or clock, and no program but this one.
 */
@NullMarked
package flotilla.store.apply.level;

import org.jspecify.annotations.NullMarked;
