/**
 * The whole system held against its promises and against the originals. Knows the product only from
 * outside: its sources, its processes, its wire. Read {@link flotilla.conformance.Checkout} first.
 */
@NullMarked
package flotilla.conformance;

import org.jspecify.annotations.NullMarked;
