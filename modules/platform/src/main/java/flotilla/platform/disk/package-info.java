/**
 * What every durable write is made of: {@link flotilla.platform.disk.AtomicFile} for a file that is
 * replaced whole, {@link flotilla.platform.disk.Directory} for files that grow, with a disk in
 * memory behind it that loses what a power cut may take. Knows no file's contents and no room. Read
 * {@link flotilla.platform.disk.AtomicFile}.
 */
@NullMarked
package flotilla.platform.disk;

import org.jspecify.annotations.NullMarked;
