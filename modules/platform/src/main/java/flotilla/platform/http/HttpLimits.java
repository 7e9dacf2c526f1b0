package flotilla.platform.http;

/**
 * What a door for HTTP bears.
 *
 * @param bodyBytes the longest request body: longer is answered 413
 * @param connections open at once; one more is closed at once
 */
public record HttpLimits(int bodyBytes, int connections) {
    /** Bodies of 4 MiB, 4,096 connections. */
    public static final HttpLimits DEFAULT = new HttpLimits(4 * 1024 * 1024, 4096);

    public HttpLimits {
        if (bodyBytes < 0 || connections < 1) {
            throw new IllegalArgumentException("no server can keep these limits");
        }
    }
}
