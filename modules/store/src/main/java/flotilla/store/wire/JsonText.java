package flotilla.store.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import flotilla.platform.http.Response;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Messages as etcd's gateway words them: the protocol's field names, bytes in base64. */
final class JsonText {
    /** Characters in one chunk of a streamed text. */
    private static final int CHUNK_CHARS = 32 << 10;

    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();

    private JsonText() {}

    static String of(Message message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("etcd's API has no Any", e);
        }
    }

    /** Writes text as it is made, so that it is never in memory as a whole. */
    static void write(String before, Message message, String behind, Response.Sink sink)
            throws IOException {
        Writer text =
                new BufferedWriter(
                        new OutputStreamWriter(new Chunks(sink), StandardCharsets.UTF_8),
                        CHUNK_CHARS);
        text.write(before);
        PRINTER.appendTo(message, text);
        text.write(behind);
        text.flush();
    }

    /** Hands on what it is given. */
    private static final class Chunks extends OutputStream {
        private final Response.Sink sink;

        Chunks(Response.Sink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int one) throws IOException {
            sink.write(new byte[] {(byte) one});
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            sink.write(Arrays.copyOfRange(bytes, from, from + length));
        }
    }
}
