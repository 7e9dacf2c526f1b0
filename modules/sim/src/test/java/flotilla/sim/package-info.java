/** Simulation of the right code, and of code with bugs planted in it. */
@NullMarked
package flotilla.sim;

import org.jspecify.annotations.NullMarked;
