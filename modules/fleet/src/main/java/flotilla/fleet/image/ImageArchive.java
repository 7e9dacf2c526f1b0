package flotilla.fleet.image;

import flotilla.fleet.image.Tar.Place;
import flotilla.fleet.job.Blob;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.ImageName;
import flotilla.platform.json.Json;
import flotilla.platform.json.Json.JsonException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One image in a file as {@code docker save} writes it (Docker Image Specification v1.2: {@code
 * manifest.json} names a config and layers), and where its blobs lie in that file. Nothing is
 * unpacked. A layer must have the digest that the config says, so it is not compressed.
 */
public final class ImageArchive implements Closeable {
    /** Of {@code manifest.json}, in bytes. */
    private static final int MANIFEST_BYTES_MAX = 1 << 20;

    private final FileChannel file;
    private final Map<String, Place> files;
    private final Map<Blob, Place> blobs = new HashMap<>();
    private final Image image;

    private record Manifest(
            @Nullable String Config,
            @Nullable List<String> RepoTags,
            @Nullable List<String> Layers) {}

    /**
     * @param name what it is to be called; by default what the archive calls it
     * @throws BadArchiveException for what is no image, or more than one
     * @throws IOException for a file that can't be read
     */
    public static ImageArchive open(Path path, Optional<ImageName> name)
            throws IOException, BadArchiveException {
        FileChannel file = FileChannel.open(path);
        boolean opened = false;
        try {
            ImageArchive archive = new ImageArchive(file, name);
            opened = true;
            return archive;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    private ImageArchive(FileChannel file, Optional<ImageName> name)
            throws IOException, BadArchiveException {
        this.file = file;
        this.files = Tar.files(file);
        Manifest manifest = manifest();
        ImageName called = name.isPresent() ? name.get() : called(manifest);
        Place at = place(manifest.Config(), "the config");
        byte[] config = small(at, "its config", Image.CONFIG_BYTES_MAX);
        Sha256 sum = new Sha256();
        sum.add(config, config.length);
        Blob own = new Blob(sum.hex(), config.length);
        blobs.put(own, at);
        this.image = image(called, own, layers(manifest, Configuration.diffs(config)));
    }

    private static Image image(ImageName name, Blob config, List<Blob> layers)
            throws BadArchiveException {
        try {
            return new Image(name, config, layers);
        } catch (IllegalArgumentException e) {
            throw (BadArchiveException)
                    new BadArchiveException(String.valueOf(e.getMessage())).initCause(e);
        }
    }

    private Manifest manifest() throws IOException, BadArchiveException {
        Place place = files.get("manifest.json");
        if (place == null) {
            throw new BadArchiveException(
                    "it has no manifest.json: make it by docker save IMAGE -o FILE (docker export and docker import's tars are no images)");
        }
        byte[] json = small(place, "manifest.json", MANIFEST_BYTES_MAX);
        List<Manifest> all;
        try {
            all = List.of(Json.read(new String(json, StandardCharsets.UTF_8), Manifest[].class));
        } catch (JsonException | NullPointerException e) {
            throw (BadArchiveException)
                    new BadArchiveException("its manifest.json can't be read: " + e.getMessage())
                            .initCause(e);
        }
        if (all.size() != 1) {
            throw new BadArchiveException(
                    "%d images are in it, and one is pushed at a time: docker save just that one"
                            .formatted(all.size()));
        }
        return all.getFirst();
    }

    private static ImageName called(Manifest manifest) throws BadArchiveException {
        List<String> tags = Objects.requireNonNullElse(manifest.RepoTags(), List.of());
        if (tags.size() != 1) {
            throw new BadArchiveException(
                    tags.isEmpty()
                            ? "it has no name: say one by --name NAME:TAG"
                            : "it has several names, %s: say which by --name"
                                    .formatted(String.join(", ", tags)));
        }
        return ImageName.read(tags.getFirst())
                .orElseThrow(() ->
                        new BadArchiveException(
                                "\"%s\" is no name of an image: say one by --name NAME:TAG"
                                        .formatted(tags.getFirst())));
    }

    private Place place(@Nullable String name, String what) throws BadArchiveException {
        Place place = name == null ? null : files.get(name);
        if (place == null) {
            throw new BadArchiveException(
                    "manifest.json names %s as %s, which is not in it".formatted(name, what));
        }
        return place;
    }

    private byte[] small(Place place, String what, int bytesMax)
            throws IOException, BadArchiveException {
        if (place.bytes() > bytesMax) {
            throw new BadArchiveException(
                    "%s has %d bytes, at most %d are taken"
                            .formatted(what, place.bytes(), bytesMax));
        }
        return Tar.read(file, place);
    }

    private List<Blob> layers(Manifest manifest, List<String> diffs)
            throws IOException, BadArchiveException {
        List<String> names = Objects.requireNonNullElse(manifest.Layers(), List.of());
        if (names.size() != diffs.size() || names.size() > Image.LAYERS_MAX) {
            throw new BadArchiveException(
                    "it has %d layers, its config tells of %d, and at most %d are taken"
                            .formatted(names.size(), diffs.size(), Image.LAYERS_MAX));
        }
        List<Blob> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Place place = place(names.get(i), "layer " + (i + 1));
            if (place.bytes() > Blob.BYTES_MAX) {
                throw new BadArchiveException(
                        "%s has %d bytes, at most %d are taken"
                                .formatted(names.get(i), place.bytes(), Blob.BYTES_MAX));
            }
            String digest = digest(place);
            if (!digest.equals(diffs.get(i))) {
                throw new BadArchiveException(
                        "%s has digest %s, and by its config %s: it is damaged, or compressed"
                                .formatted(
                                        names.get(i),
                                        digest.substring(0, 12),
                                        diffs.get(i).substring(0, 12)));
            }
            Blob layer = new Blob(digest, place.bytes());
            blobs.put(layer, place);
            layers.add(layer);
        }
        return layers;
    }

    private String digest(Place place) throws IOException {
        Sha256 sum = new Sha256();
        long at = 0;
        while (at < place.bytes()) {
            int count = Math.toIntExact(Math.min(Sha256.BUFFER_BYTES, place.bytes() - at));
            sum.add(Tar.read(file, new Place(place.offset() + at, count)), count);
            at += count;
        }
        return sum.hex();
    }

    public Image image() {
        return image;
    }

    /** Bytes of a blob of the image's, fewer at its end. */
    public byte[] read(Blob blob, long offset, int bytesMax) throws IOException {
        Place place = Objects.requireNonNull(blobs.get(blob), "a blob of this image");
        long count = Math.min(bytesMax, place.bytes() - offset);
        return Tar.read(file, new Place(place.offset() + offset, count));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
