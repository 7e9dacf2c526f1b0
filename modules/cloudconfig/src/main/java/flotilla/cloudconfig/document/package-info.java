/**
 * What a user-data says: text to problems with their places and to a document. Pure: knows no
 * machine and no file. Read {@link flotilla.cloudconfig.document.CloudConfig} first.
 */
@NullMarked
package flotilla.cloudconfig.document;

import org.jspecify.annotations.NullMarked;
