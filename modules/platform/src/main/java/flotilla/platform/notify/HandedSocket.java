package flotilla.platform.notify;

import java.io.IOException;
import java.nio.channels.Channel;
import java.util.Map;
import java.util.Optional;

/**
 * The listening socket that the service manager has bound for a daemon, and keeps bound while there
 * is none ({@code fleet.socket}): clients that come during a restart wait instead of being refused.
 */
public final class HandedSocket {
    /** The first descriptor that is handed over (sd_listen_fds(3)). */
    private static final int FIRST = 3;

    private HandedSocket() {}

    /**
     * Takes it, once in the life of a process; empty when none was handed over to this one.
     *
     * @throws IOException when there are several, or it can't be taken
     */
    public static Optional<Channel> take() throws IOException {
        int count = count(System.getenv(), ProcessHandle.current().pid());
        if (count == 0) {
            return Optional.empty();
        }
        if (count > 1) {
            throw new IOException(
                    count
                            + " sockets were handed over, and one can be served: leave one"
                            + " ListenStream= in the socket's unit");
        }
        Libc.duplicate(FIRST, 0);
        return Optional.of(
                Optional.ofNullable(System.inheritedChannel())
                        .orElseThrow(() -> new IOException("what was handed over is no socket")));
    }

    static int count(Map<String, String> environment, long pid) {
        boolean isMeant = environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid));
        String count = environment.getOrDefault("LISTEN_FDS", "");
        return isMeant && count.matches("\\d{1,4}") ? Integer.parseInt(count) : 0;
    }
}
