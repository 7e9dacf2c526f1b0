/** Processes of this host that outlive the command that started them, and who holds a port. */
@NullMarked
package flotilla.provision.process;

import org.jspecify.annotations.NullMarked;
