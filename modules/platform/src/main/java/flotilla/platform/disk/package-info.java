/**
 * What every durable write is made of. Knows no file's contents and no room. Read {@link
 * flotilla.platform.disk.AtomicFile}.
 */
@NullMarked
package flotilla.platform.disk;

import org.jspecify.annotations.NullMarked;
