package flotilla.fleet.image;

import flotilla.fleet.job.Blob;
import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an image's config says of its layers. */
final class Configuration {
    private Configuration() {}

    /** Their digests, the lowest layer's first. */
    static List<String> diffs(byte[] config) throws BadArchiveException {
        List<String> diffs = new ArrayList<>();
        try {
            Object rootfs =
                    Json.readObject(new String(config, StandardCharsets.UTF_8)).get("rootfs");
            if (rootfs instanceof Map<?, ?> map && map.get("diff_ids") instanceof List<?> ids) {
                for (Object id : ids) {
                    String digest = String.valueOf(id).replaceFirst("^sha256:", "");
                    if (!Blob.isDigest(digest)) {
                        throw new BadArchiveException("its config names a layer " + id);
                    }
                    diffs.add(digest);
                }
                return diffs;
            }
        } catch (JsonException e) {
            throw (BadArchiveException)
                    new BadArchiveException("its config can't be read: " + e.getMessage())
                            .initCause(e);
        }
        throw new BadArchiveException("its config names no layers (rootfs.diff_ids)");
    }
}
