package flotilla.platform.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One answer as it stands on the connection (RFC 9112): its head, and the bytes of its body. */
final class ReplyReader {
    /** Longest head of an answer, in bytes: some times what servers send. */
    private static final int HEAD_MAX_BYTES = 64 * 1024;

    /** What is read at once, in bytes. */
    private static final int CHUNK_BYTES = 16 * 1024;

    /** Where the status stands in the first line: {@code HTTP/1.1 200 OK}. */
    private static final int STATUS_BEGIN = 9;

    private static final int STATUS_END = 12;

    /** How the end of the body is known (RFC 9112, 6.3). */
    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSED
    }

    /**
     * @param headers by lower-case name; of a repeated one all values, parted by commas
     */
    record Head(int status, Map<String, String> headers) {}

    private final InputStream in;
    private final Head head;
    private final Framing framing;

    /** Bytes of the body, or of its present chunk, that are still to come. */
    private long left;

    private boolean over;

    private ReplyReader(InputStream in, Head head, String method) throws IOException {
        this.in = in;
        this.head = head;
        String coding = head.headers().get("transfer-encoding");
        String length = head.headers().get("content-length");
        this.over = method.equals("HEAD") || head.status() == 204 || head.status() == 304;
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new IOException("the answer has an unknown transfer coding: " + coding);
            }
            this.framing = Framing.CHUNKED;
        } else if (length != null) {
            this.framing = Framing.LENGTH;
            this.left = number(length, 10, "Content-Length");
            this.over |= left == 0;
        } else {
            this.framing = Framing.UNTIL_CLOSED;
        }
    }

    /** Returns when the head is there. */
    static ReplyReader begin(InputStream in, String method) throws IOException {
        Head head = head(in);
        while (head.status() / 100 == 1) {
            head = head(in);
        }
        return new ReplyReader(in, head, method);
    }

    Head head() {
        return head;
    }

    /** The next bytes, as many as came together; none at the end. Blocks. */
    byte[] next() throws IOException {
        if (!over && framing == Framing.CHUNKED && left == 0) {
            beginChunk();
        }
        if (over) {
            return new byte[0];
        }
        byte[] bytes = new byte[CHUNK_BYTES];
        int most =
                framing == Framing.UNTIL_CLOSED ? CHUNK_BYTES : (int) Math.min(left, CHUNK_BYTES);
        int count = in.read(bytes, 0, most);
        if (count < 0) {
            if (framing != Framing.UNTIL_CLOSED) {
                throw cut();
            }
            over = true;
            return new byte[0];
        }
        if (framing != Framing.UNTIL_CLOSED) {
            left -= count;
            endOfPart();
        }
        return Arrays.copyOf(bytes, count);
    }

    private void beginChunk() throws IOException {
        String line = line(in, HEAD_MAX_BYTES);
        int extension = line.indexOf(';');
        left = number(extension < 0 ? line : line.substring(0, extension), 16, "chunk size");
        if (left == 0) {
            while (!line(in, HEAD_MAX_BYTES).isEmpty()) {
                // Trailers say nothing that anybody here asks for.
            }
            over = true;
        }
    }

    private void endOfPart() throws IOException {
        if (left == 0 && framing == Framing.LENGTH) {
            over = true;
        } else if (left == 0 && !line(in, HEAD_MAX_BYTES).isEmpty()) {
            throw new IOException("a chunk of the answer is longer than it says");
        }
    }

    private static Head head(InputStream in) throws IOException {
        String first = line(in, HEAD_MAX_BYTES);
        int status = status(first);
        Map<String, String> headers = new TreeMap<>();
        int bytes = first.length();
        for (String line = line(in, HEAD_MAX_BYTES);
                !line.isEmpty();
                line = line(in, HEAD_MAX_BYTES)) {
            bytes += line.length();
            int colon = line.indexOf(':');
            if (bytes > HEAD_MAX_BYTES || colon <= 0) {
                throw new IOException("the head of the answer is no HTTP, or too long");
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + ", " + other);
        }
        return new Head(status, headers);
    }

    private static int status(String line) throws IOException {
        boolean http = line.startsWith("HTTP/1.") && line.length() >= STATUS_END;
        if (!http || line.charAt(STATUS_BEGIN - 1) != ' ') {
            throw new IOException("what answers speaks no HTTP/1.1");
        }
        return (int) number(line.substring(STATUS_BEGIN, STATUS_END), 10, "the status");
    }

    private static String line(InputStream in, int bytesMax) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw cut();
            }
            if (line.size() >= bytesMax) {
                throw new IOException("a line of the answer's head is longer than " + bytesMax);
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private static long number(String digits, int radix, String what) throws IOException {
        try {
            long number = Long.parseLong(digits.strip(), radix);
            if (number >= 0 && !digits.startsWith("+")) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IOException(what + " of the answer is no number: " + digits, e);
        }
        throw new IOException(what + " of the answer is no number: " + digits);
    }

    private static EOFException cut() {
        return new EOFException("the server closed the connection before its answer was whole");
    }
}
