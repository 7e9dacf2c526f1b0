/**
 * JSON for the whole house: records to text and back. Owns the one JSON library, which no room sees
 * beside this one. Read {@link flotilla.platform.json.Json} first.
 */
@NullMarked
package flotilla.platform.json;

import org.jspecify.annotations.NullMarked;
