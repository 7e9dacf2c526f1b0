package flotilla.platform.http;

import java.io.IOException;
import java.io.OutputStream;

/** What a request carries, of a length that is known before. */
public interface RequestBody {
    long bytes();

    /**
     * Writes exactly as many bytes as were said; blocks while the server is slow.
     *
     * @throws IOException also when they can't be read: the request then breaks off, and the server
     *     does not take it for whole
     */
    void writeTo(OutputStream out) throws IOException;

    static RequestBody of(byte[] body) {
        return new RequestBody() {
            @Override
            public long bytes() {
                return body.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(body);
            }
        };
    }
}
