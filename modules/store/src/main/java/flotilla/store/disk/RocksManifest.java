package flotilla.store.disk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * RocksDB's own list of tables, the {@code MANIFEST-N} that {@code CURRENT} names, looked at before
 * RocksDB reads it: opening never returns where a flipped bit makes a record's type one that
 * RocksDB uses in other files only.
 *
 * <p>The file is a log in the format of LevelDB: blocks of 32 KiB; in each, records of a masked
 * CRC-32C (4 bytes), the payload's length (2), a type (1) and the payload, the checksum being over
 * the last two; fewer than 7 bytes at a block's end are not used. A record that the file's end cuts
 * short is what a crash leaves, and RocksDB's to judge.
 *
 * @see <a href="https://github.com/facebook/rocksdb/wiki/Write-Ahead-Log-File-Format">the
 *     format</a>
 */
final class RocksManifest {
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;

    /** Whole, first, middle, last: the types from 1 on. */
    private static final int TYPE_MAX = 4;

    /** Added to a checksum that is turned by 15 bits, for checksums of checksums are weak. */
    private static final int MASK = 0xa282ead8;

    private static final Pattern NAME = Pattern.compile("MANIFEST-[0-9]+");

    private final ByteBuffer bytes;

    private RocksManifest(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * What is wrong with the list of a database, in words that name the file. What is not there, or
     * can't be found, isn't either: RocksDB tells.
     */
    static Optional<String> damage(Path database) throws IOException {
        Path current = database.resolve("CURRENT");
        if (!Files.isRegularFile(current)) {
            return Optional.empty();
        }
        String name = new String(Files.readAllBytes(current), US_ASCII).strip();
        if (!NAME.matcher(name).matches() || !Files.isRegularFile(database.resolve(name))) {
            return Optional.empty();
        }
        int at = new RocksManifest(Files.readAllBytes(database.resolve(name))).firstDamaged();
        return at < 0
                ? Optional.empty()
                : Optional.of("%s holds no sound record at byte %d".formatted(name, at));
    }

    /** Where the first record is that was not written so; -1 if there is none. */
    private int firstDamaged() {
        int at = 0;
        while (at + HEADER_BYTES <= bytes.limit()) {
            int left = BLOCK_BYTES - at % BLOCK_BYTES;
            if (left < HEADER_BYTES) {
                at += left;
                continue;
            }
            int length = Short.toUnsignedInt(bytes.getShort(at + 4));
            int type = bytes.get(at + 6);
            if (type < 1 || type > TYPE_MAX || HEADER_BYTES + length > left) {
                return at;
            }
            if (at + HEADER_BYTES + length > bytes.limit()) {
                return -1;
            }
            if (bytes.getInt(at) != checksum(at + 6, 1 + length)) {
                return at;
            }
            at += HEADER_BYTES + length;
        }
        return -1;
    }

    private int checksum(int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(from, length));
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }
}
