package flotilla.fleet.api;

import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import flotilla.platform.json.Json;
import flotilla.platform.json.JsonObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An image.
 *
 * @param layers the lowest first
 * @param machines the ids of those that have all of it; absent when it is pushed
 * @param from the id of a machine to get it from; only from machine to machine
 */
public record ImageBody(
        String name,
        BlobBody config,
        List<BlobBody> layers,
        @Nullable List<String> machines,
        @Nullable String from) {
    /**
     * @param digest {@code sha256:} and 64 hexadecimal digits
     */
    public record BlobBody(String digest, long bytes) {
        static BlobBody of(Blob blob) {
            return new BlobBody(blob.id(), blob.bytes());
        }

        static BlobBody read(JsonObject json) {
            return new BlobBody(json.requiredText("digest"), json.number("bytes"));
        }

        private Blob blob() {
            return new Blob(digest.replaceFirst("^sha256:", ""), bytes);
        }
    }

    static ImageBody of(Image image) {
        return new ImageBody(
                image.name().full(),
                BlobBody.of(image.config()),
                image.layers().stream().map(BlobBody::of).toList(),
                null,
                null);
    }

    ImageBody on(List<String> holders) {
        return new ImageBody(name, config, layers, holders, from);
    }

    ImageBody from(String machine) {
        return new ImageBody(name, config, layers, machines, machine);
    }

    static ImageBody read(JsonObject json) {
        List<JsonObject> layers = json.objects("layers");
        return new ImageBody(
                json.requiredText("name"),
                BlobBody.read(Objects.requireNonNull(json.object("config"), "config")),
                Objects.requireNonNull(layers, "layers").stream().map(BlobBody::read).toList(),
                json.textList("machines"),
                json.text("from"));
    }

    /** On the wire: what is null is left out. */
    String json() {
        return Json.write(this);
    }

    /**
     * @throws IllegalArgumentException when it is none
     */
    Image image() {
        return new Image(
                ImageName.read(name)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "\"" + name + "\" is no name of an image")),
                config.blob(),
                layers.stream().map(BlobBody::blob).toList());
    }

    /** That lie on each of its machines. */
    public long bytes() {
        return config.bytes() + layers.stream().distinct().mapToLong(BlobBody::bytes).sum();
    }
}
