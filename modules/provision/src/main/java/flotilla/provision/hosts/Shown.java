package flotilla.provision.hosts;

import java.nio.file.Path;

/**
 * A folder of this machine that every host sees, read-only.
 *
 * @param source absolute
 * @param target where a host has it, absolute
 */
public record Shown(Path source, Path target) {
    public Shown {
        if (!source.isAbsolute() || !target.isAbsolute()) {
            throw new IllegalArgumentException(source + " and " + target + " must be absolute");
        }
    }
}
