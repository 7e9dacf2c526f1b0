/**
 * Side-by-side measurements with the originals, on one machine, in one run. Knows servers only as
 * processes and by their wire. Read {@link flotilla.bench.Bench} first.
 */
@NullMarked
package flotilla.bench;

import org.jspecify.annotations.NullMarked;
