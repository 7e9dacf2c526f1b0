package flotilla.fleet.image;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.cluster.Key;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Registry;
import flotilla.machine.ContainerEngine;
import flotilla.platform.disk.DamagedFile;
import flotilla.platform.http.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One machine's part in keeping the cluster's images. The store knows which images there are and
 * who has them; the bytes lie here, as {@link Blobs}. Safe from any thread; what is fetched or
 * loaded is so one image after another, and blocks.
 */
public final class Images {
    private static final Logger log = LoggerFactory.getLogger(Images.class);

    private final Registry registry;
    private final Blobs blobs;
    private final ContainerEngine engine;
    private final Optional<Peers> peers;
    private final String machineId;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /**
     * Where a machine's images are.
     *
     * @param peers to other machines; empty in a cluster without certificates, where no image moves
     */
    public record Site(
            Blobs blobs, ContainerEngine engine, Optional<Peers> peers, String machineId) {}

    public Images(Registry registry, Site site) {
        this.registry = registry;
        this.blobs = site.blobs();
        this.engine = site.engine();
        this.peers = site.peers();
        this.machineId = site.machineId();
    }

    public Blobs blobs() {
        return blobs;
    }

    /**
     * How other machines are reached.
     *
     * @throws IOException in a cluster without certificates, saying what to do
     */
    public Peers peers() throws IOException {
        return peers.orElseThrow(() ->
                new IOException(
                        "images go from machine to machine by certificates, and this machine has none: flotilla init and flotilla join bring them"));
    }

    /** Whether images can move at all. */
    public boolean canMove() {
        return peers.isPresent();
    }

    /** Is told when there may be more here, or less. */
    public void subscribe(Runnable listener) {
        listeners.add(listener);
    }

    public void changed() {
        listeners.forEach(Runnable::run);
    }

    public List<Image> all() {
        return registry.list(registry.layout().images(), Entry.OfImage.class).stream()
                .map(Entry.OfImage::image)
                .toList();
    }

    /** Whether that is all there is: none is of a kind that a later version added. */
    public boolean areAllReadable(List<Image> all) {
        return registry.keys(registry.layout().images()).size() == all.size();
    }

    public Optional<Image> find(String name) {
        return registry.get(new Key.OfImage(name), Entry.OfImage.class).map(Entry.OfImage::image);
    }

    /** Whether all of it lies here. */
    public boolean isWhole(Image image) {
        return image.blobs().stream().allMatch(blobs::has);
    }

    /**
     * Gets what is lacking of an image.
     *
     * @param first whom to ask before others; empty for nobody
     * @throws IOException when it could not be had, with why of each machine
     */
    public void fetch(Image image, Optional<Machine> first, Progress progress) throws IOException {
        turn.lock();
        try {
            if (isWhole(image)) {
                return;
            }
            List<Machine> holders = new ArrayList<>();
            first.ifPresent(holders::add);
            Holders.read(registry).of(image).stream()
                    .filter(holder -> !holder.id().equals(machineId))
                    .filter(holder -> !holders.contains(holder))
                    .forEach(holders::add);
            new Fetching(blobs, peers(), image, progress).from(holders);
            log.info("image {} is here", image.name());
        } finally {
            turn.unlock();
        }
        changed();
    }

    /**
     * Has the engine have an image, by its name; fetched first if need be.
     *
     * @throws IOException when that failed: why, for people
     */
    public void supply(Image image, Progress progress) throws IOException {
        turn.lock();
        try {
            progress.at("image " + image.name() + " is not here yet: asking the container engine");
            String id = image.config().id();
            if (!engine.has(id)) {
                load(image, progress);
            }
            engine.name(id, image.name().full());
        } finally {
            turn.unlock();
        }
    }

    /** A damaged blob is fetched anew, once: more of them are a broken disk. */
    private void load(Image image, Progress progress) throws IOException {
        fetch(image, Optional.empty(), progress);
        for (var blob : image.blobs()) {
            try {
                blobs.verify(blob);
            } catch (DamagedFile e) {
                log.error("image {}: {}", image.name(), e.getMessage());
                fetch(image, Optional.empty(), progress);
            }
        }
        progress.at("image " + image.name() + " is here, and is given to the container engine");
        engine.load(new EngineArchive(blobs, image));
        if (!engine.has(image.config().id())) {
            throw new IOException(
                    "the container engine took image %s and doesn't have it as %s"
                            .formatted(image.name(), image.config().label()));
        }
        log.info("image {} is the container engine's", image.name());
    }

    /**
     * Whether the layers are those that the config speaks of.
     *
     * @throws BadArchiveException when not
     */
    public void requireFits(Image image) throws IOException, BadArchiveException {
        byte[] config;
        try (InputStream in = blobs.open(image.config(), 0)) {
            config = in.readNBytes(Image.CONFIG_BYTES_MAX);
        }
        List<String> layers = image.layers().stream().map(layer -> layer.digest()).toList();
        if (!Configuration.diffs(config).equals(layers)) {
            throw new BadArchiveException(
                    "the layers of %s are not those that its config names".formatted(image.name()));
        }
    }

    /** The images that lie whole here, by the digests of their configs. */
    public Set<String> whole(List<Image> all) {
        Set<String> whole = new TreeSet<>();
        all.stream().filter(this::isWhole).forEach(image -> whole.add(image.config().digest()));
        return whole;
    }

    /** Whether too few machines have an image, and this is one that is to get it. */
    public boolean isToHave(Image image) {
        return canMove() && Holders.read(registry).lacking(image).contains(machineId);
    }
}
