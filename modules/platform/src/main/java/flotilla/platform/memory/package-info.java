/**
 * How a process divides its heap among those who hold what others send. Knows nobody who holds it.
 * Read {@link flotilla.platform.memory.MemoryBudget}.
 */
@NullMarked
package flotilla.platform.memory;

import org.jspecify.annotations.NullMarked;
