/**
 * Who is let in at a port: how many connections at once, and which of them goes when there is no
 * room for one more. Knows no protocol; those who serve one say when a connection is busy. Read
 * {@link flotilla.platform.door.Admission}.
 */
@NullMarked
package flotilla.platform.door;

import org.jspecify.annotations.NullMarked;
