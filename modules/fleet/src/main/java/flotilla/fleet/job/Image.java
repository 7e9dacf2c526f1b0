package flotilla.fleet.job;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * A container image: all of it but its bytes, which lie on machines.
 *
 * @param config what it says of itself; its digest is the image's id
 * @param layers as they are laid one over the other, the lowest first; one may be there twice
 */
public record Image(ImageName name, Blob config, List<Blob> layers) {
    /** As many as Docker can lay over each other. */
    public static final int LAYERS_MAX = 127;

    /** Of its config: the longest seen have some tens of kilobytes. */
    public static final int CONFIG_BYTES_MAX = 1 << 20;

    public Image {
        layers = List.copyOf(layers);
        if (layers.isEmpty() || layers.size() > LAYERS_MAX) {
            throw new IllegalArgumentException(
                    "%s has %d layers: an image has from 1 to %d"
                            .formatted(name, layers.size(), LAYERS_MAX));
        }
        if (config.bytes() > CONFIG_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "the config of %s has %d bytes: at most %d are taken"
                            .formatted(name, config.bytes(), CONFIG_BYTES_MAX));
        }
    }

    /** Each once, the config first. */
    public List<Blob> blobs() {
        LinkedHashSet<Blob> all = new LinkedHashSet<>();
        all.add(config);
        all.addAll(layers);
        return List.copyOf(all);
    }

    /** That lie on a machine's disk. */
    public long bytes() {
        return blobs().stream().mapToLong(Blob::bytes).sum();
    }
}
