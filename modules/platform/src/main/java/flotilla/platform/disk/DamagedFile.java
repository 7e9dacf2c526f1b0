package flotilla.platform.disk;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that doesn't hold what was written to it, or is not there. Its message names the file and
 * the way back, for a person; it comes again until somebody goes that way.
 */
public final class DamagedFile extends IOException {
    private static final long serialVersionUID = 1;

    /**
     * @param what is wrong with it: "its checksum doesn't fit"
     * @param wayBack what to do, a sentence without its full stop
     */
    public DamagedFile(Path file, String what, String wayBack, @Nullable Throwable cause) {
        super("%s is damaged (%s): %s".formatted(file, what, wayBack), cause);
    }

    public DamagedFile(Path file, String what, String wayBack) {
        this(file, what, wayBack, null);
    }
}
