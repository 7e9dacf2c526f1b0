package flotilla.platform.http;

import flotilla.platform.memory.MemoryBudget;

/**
 * What a door for HTTP bears.
 *
 * @param bodyBytes the longest request body: longer is answered 413
 * @param bodiesBytes what all bodies that are read or answered may take together: a request beyond
 *     is answered 503
 * @param connections open at once; one more is closed at once
 */
public record HttpLimits(int bodyBytes, long bodiesBytes, int connections) {
    /** Bodies of 4 MiB, the share of this JVM's heap that is for bodies, 4,096 connections. */
    public static final HttpLimits DEFAULT =
            new HttpLimits(
                    4 * 1024 * 1024,
                    Math.max(
                            2 * 4 * 1024 * 1024L,
                            MemoryBudget.ofThisJvm().bytes(MemoryBudget.Share.BODIES)),
                    4096);

    public HttpLimits {
        if (bodyBytes < 0 || connections < 1) {
            throw new IllegalArgumentException("no server can keep these limits");
        }
    }
}
