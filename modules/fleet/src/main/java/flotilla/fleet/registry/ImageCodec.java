package flotilla.fleet.registry;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import flotilla.platform.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How images, and what machines have of them, are written. */
final class ImageCodec {
    private ImageCodec() {}

    private record BlobValue(@Nullable String digest, long bytes) {
        static BlobValue of(Blob blob) {
            return new BlobValue(blob.digest(), blob.bytes());
        }

        Blob blob() {
            return new Blob(Objects.requireNonNull(digest, "digest"), bytes);
        }
    }

    private record ImageValue(@Nullable BlobValue config, @Nullable List<BlobValue> layers) {}

    private record HoldingValue(@Nullable Set<String> images) {}

    static String encode(Image image) {
        return Json.write(
                new ImageValue(
                        BlobValue.of(image.config()),
                        image.layers().stream().map(BlobValue::of).toList()));
    }

    static Image decode(String name, String text) {
        ImageValue value = Json.read(text, ImageValue.class);
        return new Image(
                new ImageName(name),
                Objects.requireNonNull(value.config(), "config").blob(),
                Objects.requireNonNull(value.layers(), "layers").stream()
                        .map(BlobValue::blob)
                        .toList());
    }

    static String encode(Set<String> images) {
        return Json.write(new HoldingValue(new TreeSet<>(images)));
    }

    static Set<String> decodeHolding(String text) {
        return Objects.requireNonNull(Json.read(text, HoldingValue.class).images(), "images");
    }
}
