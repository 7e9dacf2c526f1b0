package flotilla.machine.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files that others put there: what is no file could be read for ever (a pipe, a device), and
 * one of any size would not fit into memory.
 */
final class SmallFile {
    /** As long as the longest line that systemd reads (LINE_MAX), in bytes. */
    static final int BYTES_MAX = 1 << 20;

    private SmallFile() {}

    /**
     * @throws IOException when it is not a file of text of at most so many bytes; names it
     */
    static String read(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is no regular file: remove it, or put one in its place");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw new IOException(file + " is longer than " + BYTES_MAX + " bytes");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8: write it anew", e);
        }
    }
}
