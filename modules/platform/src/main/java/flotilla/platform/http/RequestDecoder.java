package flotilla.platform.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Netty's decoder, but strict about the request line (RFC 9112, 3): three words with one space
 * between them, the last one HTTP/1.x. Where two servers read a line differently, what stands
 * behind it can be smuggled past one of them.
 */
final class RequestDecoder extends HttpRequestDecoder {
    private static final Pattern VERSION = Pattern.compile("HTTP/1\\.[0-9]");

    private static final int CHUNK_MAX_BYTES = 8192;

    RequestDecoder() {
        super(
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(HttpPipeline.LINE_MAX_BYTES)
                        .setMaxHeaderSize(HttpPipeline.HEADERS_MAX_BYTES)
                        .setMaxChunkSize(CHUNK_MAX_BYTES)
                        .setHeadersFactory(DefaultHttpHeadersFactory.headersFactory())
                        .setAllowDuplicateContentLengths(false)
                        // As etcd reads lines: a bare LF ends one.
                        .setStrictLineParsing(false));
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        requireOneSpace(line, start);
        return super.splitSecondWordInitialLine(line, start, length);
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
        String version = new String(line, start, length, StandardCharsets.ISO_8859_1);
        requireOneSpace(line, start);
        if (!VERSION.matcher(version).matches()) {
            throw new BadRequest(
                    version.startsWith("HTTP/") ? 505 : 400,
                    "the request line must end with HTTP/1.1 or HTTP/1.0");
        }
        return super.splitThirdWordInitialLine(line, start, length);
    }

    private static void requireOneSpace(byte[] line, int start) {
        if (start < 2 || line[start - 1] != ' ' || line[start - 2] <= ' ') {
            throw new BadRequest(400, "one space must stand between the words of a request line");
        }
    }
}
