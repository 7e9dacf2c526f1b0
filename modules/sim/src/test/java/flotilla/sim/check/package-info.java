/** The checker against histories whose verdict is known. */
@NullMarked
package flotilla.sim.check;

import org.jspecify.annotations.NullMarked;
