package flotilla.platform.disk;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** What a small file says of its own contents: it finds what a disk has changed, and no forgery. */
public final class Checksum {
    private Checksum() {}

    /** CRC32C of the UTF-8 text, as eight hexadecimal digits. */
    public static String of(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted(crc.getValue());
    }
}
