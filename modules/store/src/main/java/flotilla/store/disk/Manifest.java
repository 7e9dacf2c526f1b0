package flotilla.store.disk;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import flotilla.platform.disk.DamagedFile;
import flotilla.raft.log.SnapshotMark;
import flotilla.store.apply.member.MemberSpace;
import flotilla.store.checkpoint.CheckpointManifest;
import flotilla.store.checkpoint.SealedManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a checkpoint holds: which state, and its files with their sums. Guarded by a sum of its own.
 */
record Manifest(SnapshotMark mark, SortedMap<String, FileSum> files) {
    /** The file beside the state's. */
    static final String NAME = "manifest";

    /** What to do about a checkpoint that is not what it was. */
    static final String WAY_BACK =
            "put the same checkpoint of another member in its place, or delete this one where another stands beside it";

    /** Largest manifest taken, bytes: of about a hundred thousand files. */
    static final int BYTES_MAX = 8 << 20;

    /** Names of files come from other members: none may lead out of the directory. */
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,254}");

    static boolean isFileName(String name) {
        return FILE_NAME.matcher(name).matches();
    }

    byte[] encode() {
        CheckpointManifest.Builder manifest =
                CheckpointManifest.newBuilder()
                        .setIndex(mark.index())
                        .setTerm(mark.term())
                        .setMembers(MemberSpace.message(mark.members()));
        files.forEach((name, sum) ->
                manifest.addFiles(
                        CheckpointManifest.File.newBuilder()
                                .setName(name)
                                .setBytes(sum.bytes())
                                .setCrc32C(sum.crc32c())));
        ByteString bytes = manifest.build().toByteString();
        return SealedManifest.newBuilder()
                .setCrc32C(crc(bytes))
                .setManifest(bytes)
                .build()
                .toByteArray();
    }

    /**
     * Reads a checkpoint's manifest.
     *
     * @throws DamagedFile when it is not there, or not as it was written
     */
    static Manifest read(Path checkpoint) throws IOException {
        Path file = checkpoint.resolve(NAME);
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new DamagedFile(file, "it is larger than any manifest", WAY_BACK);
            }
            SealedManifest sealed = SealedManifest.parseFrom(Files.readAllBytes(file));
            if (sealed.getManifest().isEmpty()) {
                throw new DamagedFile(file, "it is empty", WAY_BACK); // whose checksum would fit
            }
            if (sealed.getCrc32C() != crc(sealed.getManifest())) {
                throw new DamagedFile(file, "its checksum doesn't fit", WAY_BACK);
            }
            return of(CheckpointManifest.parseFrom(sealed.getManifest()));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new DamagedFile(file, "it can't be read: " + e.getMessage(), WAY_BACK, e);
        } catch (NoSuchFileException e) {
            throw new DamagedFile(file, "it is missing", WAY_BACK, e);
        }
    }

    private static Manifest of(CheckpointManifest manifest) {
        SortedMap<String, FileSum> files = new TreeMap<>();
        for (CheckpointManifest.File file : manifest.getFilesList()) {
            if (!isFileName(file.getName())) {
                throw new IllegalArgumentException("it names a file \"" + file.getName() + '"');
            }
            files.put(file.getName(), new FileSum(file.getBytes(), file.getCrc32C()));
        }
        SnapshotMark mark =
                new SnapshotMark(
                        manifest.getIndex(),
                        manifest.getTerm(),
                        MemberSpace.members(manifest.getMembers()));
        return new Manifest(mark, files);
    }

    private static int crc(ByteString bytes) {
        CRC32C crc = new CRC32C();
        bytes.asReadOnlyByteBufferList().forEach(crc::update);
        return (int) crc.getValue();
    }

    /**
     * Looks whether the files are there, at their length.
     *
     * @param state the directory they are in
     */
    void checkLengths(Path state) throws IOException {
        for (Map.Entry<String, FileSum> file : files.entrySet()) {
            Path path = state.resolve(file.getKey());
            long is = Files.exists(path) ? Files.size(path) : -1;
            if (is != file.getValue().bytes()) {
                String what =
                        is < 0
                                ? "it is missing"
                                : "it has %d bytes of %d".formatted(is, file.getValue().bytes());
                throw new DamagedFile(path, what, WAY_BACK);
            }
        }
    }

    /** Reads all of the files. */
    void checkSums(Path state) throws IOException {
        checkLengths(state);
        for (Map.Entry<String, FileSum> file : files.entrySet()) {
            Path path = state.resolve(file.getKey());
            if (!FileSum.of(path).equals(file.getValue())) {
                throw new DamagedFile(path, "its checksum doesn't fit", WAY_BACK);
            }
        }
    }
}
