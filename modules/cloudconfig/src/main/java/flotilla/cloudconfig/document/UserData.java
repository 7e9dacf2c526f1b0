package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Problem.Severity;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The bytes of a user-data as text: UTF-8, unpacked first when they are a gzip, as the original
 * did.
 *
 * @param text empty when there is a problem
 * @param problems why the bytes are no text
 */
public record UserData(String text, List<Problem> problems) {
    private static final int GZIP_BYTES_MAX = 4 * DocumentReader.TEXT_CHARS_MAX;

    public UserData {
        problems = List.copyOf(problems);
    }

    public static UserData of(byte[] bytes) {
        if (!Encoding.isGzip(bytes)) {
            return text(bytes);
        }
        Encoding.Unpacked unpacked = Encoding.gunzip(bytes, GZIP_BYTES_MAX);
        return unpacked.bytes()
                .map(UserData::text)
                .orElseGet(() ->
                        unusable(
                                1,
                                1,
                                unpacked.tooLarge()
                                        ? "this is a gzip of more than %d bytes"
                                                .formatted(GZIP_BYTES_MAX)
                                        : "this is a gzip that can't be unpacked: it is damaged"));
    }

    /** A user-data whose bytes are not to be had. */
    public static UserData unreadable(String why) {
        return unusable(1, 1, why);
    }

    private static UserData text(byte[] bytes) {
        if (bytes.length > 1 && (isPair(bytes, 0xfe, 0xff) || isPair(bytes, 0xff, 0xfe))) {
            return unusable(
                    1, 1, "the text is in UTF-16: write it in UTF-8 (iconv -f utf-16 -t utf-8)");
        }
        CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (!result.isError()) {
            return new UserData(text, List.of());
        }
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return unusable(
                line,
                text.length() - text.lastIndexOf('\n'),
                "the byte 0x%02x is no UTF-8, the text seems to be in Latin-1: write it in UTF-8 (iconv -f latin1 -t utf-8)"
                        .formatted(bytes[in.position()]));
    }

    private static boolean isPair(byte[] bytes, int first, int second) {
        return bytes[0] == (byte) first && bytes[1] == (byte) second;
    }

    private static UserData unusable(int line, int column, String words) {
        return new UserData("", List.of(new Problem(Severity.ERROR, line, column, words)));
    }
}
