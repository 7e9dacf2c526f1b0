/**
 * Programs of this host, run beside this process. Knows nothing of what they do. Read {@link
 * flotilla.platform.process.Program}.
 */
@NullMarked
package flotilla.platform.process;

import org.jspecify.annotations.NullMarked;
