package flotilla.machine;

import java.nio.file.Path;

/**
 * A unit file or drop-in that was written through {@link Init#write}.
 *
 * @param name as it was written under
 * @param path where it is on this host
 * @param hash of its text as it is now, as {@code UnitFile.hash} makes it
 */
public record OwnFile(String name, Path path, String hash) {}
