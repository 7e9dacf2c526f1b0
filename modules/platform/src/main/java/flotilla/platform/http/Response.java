package flotilla.platform.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer: whole, or streamed as it comes. */
public sealed interface Response {
    int status();

    /** By name; Content-Length and Transfer-Encoding are the server's own business. */
    Map<String, String> headers();

    record Whole(int status, Map<String, String> headers, byte[] body) implements Response {}

    /** Headers are sent at once; then {@code body} runs on the request's own virtual thread. */
    record Streamed(int status, Map<String, String> headers, StreamBody body) implements Response {}

    @FunctionalInterface
    interface StreamBody {
        /** Returns when the stream is over; {@link Sink#write} throws once the client has gone. */
        void writeTo(Sink sink) throws IOException, InterruptedException;

        /** Called once in the end, even when there was nobody to write to. */
        default void ended() {}
    }

    /** The body of a streamed answer. */
    interface Sink {
        /** Sends one chunk; blocks while the client is slow. Throws when the client has gone. */
        void write(byte[] chunk) throws IOException;

        /** Whether the client has gone. */
        boolean closed();
    }

    static Response text(int status, String text) {
        return new Whole(
                status,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    static Response json(int status, String json) {
        return new Whole(
                status,
                Map.of("Content-Type", "application/json"),
                json.getBytes(StandardCharsets.UTF_8));
    }

    static Response empty(int status) {
        return new Whole(status, Map.of(), new byte[0]);
    }
}
