package flotilla.platform.http;

import flotilla.platform.door.Admission;
import flotilla.platform.memory.MemoryBudget;

/**
 * What a door for HTTP bears.
 *
 * @param bodyBytes the longest request body: longer is answered 413
 * @param bodiesBytes what all bodies that are read or answered may take together: a request beyond
 *     is answered 503
 * @param connections open at once; one more takes the place of an idle one, or is closed at once
 */
public record HttpLimits(int bodyBytes, long bodiesBytes, int connections) {
    /** Bodies of 4 MiB; for all bodies and for connections what this JVM's heap has for them. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    4 * 1024 * 1024,
                    Math.max(
                            2 * 4 * 1024 * 1024L,
                            MemoryBudget.ofThisJvm().bytes(MemoryBudget.Share.BODIES)),
                    Admission.roomOfThisJvm());

    public HttpLimits {
        if (bodyBytes < 0 || connections < 1) {
            throw new IllegalArgumentException("no server can keep these limits");
        }
    }
}
