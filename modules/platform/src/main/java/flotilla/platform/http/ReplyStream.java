package flotilla.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** An answer read as it comes. For one thread, but {@link #close} is for any and ends a read. */
public final class ReplyStream implements AutoCloseable {
    /** Longest line {@link #readLine} takes, in bytes. */
    static final int LINE_MAX_BYTES = 16 * 1024 * 1024;

    private final String what;
    private final ReplyReader body;
    private final Runnable hangUp;
    private byte[] rest = new byte[0];
    private int at;

    ReplyStream(String what, ReplyReader body, Runnable hangUp) {
        this.what = what;
        this.body = body;
        this.hangUp = hangUp;
    }

    public int status() {
        return body.head().status();
    }

    /** By lower-case name. */
    public Map<String, String> headers() {
        return body.head().headers();
    }

    /** The next bytes, as many as came together; empty at the end. Blocks. */
    public Optional<byte[]> read() throws IOException {
        while (at == rest.length) {
            if (!fill()) {
                return Optional.empty();
            }
        }
        byte[] chunk = at == 0 ? rest : Arrays.copyOfRange(rest, at, rest.length);
        at = rest.length;
        return Optional.of(chunk);
    }

    /** The next line, without its end; empty when the stream is over. Blocks. */
    public Optional<String> readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            if (at == rest.length && !fill()) {
                return line.size() == 0 ? Optional.empty() : Optional.of(text(line));
            }
            while (at < rest.length) {
                byte next = rest[at++];
                if (next == '\n') {
                    return Optional.of(text(line));
                }
                line.write(next);
            }
            if (line.size() > LINE_MAX_BYTES) {
                throw new IOException("a line of the answer is longer than " + LINE_MAX_BYTES);
            }
        }
    }

    private static String text(ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    byte[] readAll(int bytesMax) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Optional<byte[]> chunk = read(); chunk.isPresent(); chunk = read()) {
            all.writeBytes(chunk.get());
            if (all.size() > bytesMax) {
                throw new IOException("the answer is longer than " + bytesMax + " bytes");
            }
        }
        return all.toByteArray();
    }

    private boolean fill() throws IOException {
        try {
            rest = body.next();
        } catch (IOException e) {
            throw HttpCaller.failed(what, e);
        }
        at = 0;
        return rest.length > 0;
    }

    /** Cuts the connection; the server sees that its client has gone. */
    @Override
    public void close() {
        hangUp.run();
    }
}
