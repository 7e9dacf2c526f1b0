package flotilla.cli.ssh;

import java.io.IOException;
import java.nio.channels.ByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whether somebody sits there. */
public final class Terminal {
    private Terminal() {}

    /** Whether ssh can ask: as it finds its terminal itself (tty(4)). */
    public static boolean canAsk() {
        try (ByteChannel terminal =
                Files.newByteChannel(Path.of("/dev/tty"), StandardOpenOption.READ)) {
            return terminal.isOpen();
        } catch (IOException none) {
            return false;
        }
    }

    /** Whether standard input is one. */
    public static boolean isInput() {
        try {
            String file = Path.of("/proc/self/fd/0").toRealPath().toString();
            return file.startsWith("/dev/pts/")
                    || file.startsWith("/dev/tty")
                    || file.equals("/dev/console");
        } catch (IOException closed) {
            return false;
        }
    }
}
