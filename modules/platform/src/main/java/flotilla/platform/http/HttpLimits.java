package flotilla.platform.http;

import flotilla.platform.door.Admission;
import flotilla.platform.memory.MemoryBudget;
import java.time.Duration;

/**
 * What a door for HTTP bears.
 *
 * @param bodyBytes the longest request body: longer is answered 413
 * @param bodiesBytes what all bodies that are read or answered may take together: a request beyond
 *     is answered 503
 * @param connections open at once; one more takes the place of an idle one, or is closed at once
 * @param unreadMax after so long a client is cut that doesn't read what it is answered
 */
public record HttpLimits(int bodyBytes, long bodiesBytes, int connections, Duration unreadMax) {
    /** Bodies of 4 MiB; for all bodies and for connections what this JVM's heap has for them. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    4 * 1024 * 1024,
                    Math.max(
                            2 * 4 * 1024 * 1024L,
                            MemoryBudget.ofThisJvm().bytes(MemoryBudget.Share.BODIES)),
                    Admission.roomOfThisJvm(),
                    Admission.UNREAD_MAX);

    public HttpLimits(int bodyBytes, long bodiesBytes, int connections) {
        this(bodyBytes, bodiesBytes, connections, Admission.UNREAD_MAX);
    }

    public HttpLimits {
        if (bodyBytes < 0 || connections < 1) {
            throw new IllegalArgumentException("no server can keep these limits");
        }
    }
}
