/**
 * The house rules as tests: arrows between rooms, purity of the cores, sizes and names. What a rule
 * refuses tells what to do instead. Read {@link flotilla.conformance.house.Rooms} first.
 */
@NullMarked
package flotilla.conformance.house;

import org.jspecify.annotations.NullMarked;
