package flotilla.fleet.image;

import flotilla.fleet.cluster.Entry;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.Machine;
import flotilla.fleet.registry.Registry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which machines that are there have which images.
 *
 * @param machines by their ids
 * @param images by machine, the digests of the configs of those that lie whole there
 */
public record Holders(Map<String, Machine> machines, Map<String, Set<String>> images) {
    /** On so many machines an image is to lie, where there are as many. */
    public static final int COPIES = 3;

    public Holders {
        machines = Collections.unmodifiableMap(new TreeMap<>(machines));
        images = Collections.unmodifiableMap(new TreeMap<>(images));
    }

    /** As the store says now. Blocks. */
    public static Holders read(Registry registry) {
        Map<String, Machine> machines = new TreeMap<>();
        registry.list(registry.layout().machines(), Entry.OfMachine.class)
                .forEach(entry -> machines.put(entry.machine().id(), entry.machine()));
        Map<String, Set<String>> images = new TreeMap<>();
        registry.list(registry.layout().holdings(), Entry.OfHolding.class)
                .forEach(entry -> images.put(entry.machineId(), entry.images()));
        return new Holders(machines, images);
    }

    /** In the order of their ids. */
    public List<Machine> of(Image image) {
        return machines.values().stream().filter(machine -> has(machine.id(), image)).toList();
    }

    private boolean has(String machine, Image image) {
        return images.getOrDefault(machine, Set.of()).contains(image.config().digest());
    }

    /** How many are to have an image. */
    public int wanted() {
        return Math.min(COPIES, machines.size());
    }

    /**
     * The machines that are to get an image since too few have it: the same whoever asks, and
     * others for other images.
     */
    public Set<String> lacking(Image image) {
        int more = wanted() - of(image).size();
        List<String> without =
                new ArrayList<>(machines.keySet().stream().filter(id -> !has(id, image)).toList());
        without.sort(
                Comparator.comparingInt(
                                (String id) -> mixed((image.config().digest() + id).hashCode()))
                        .thenComparing(Comparator.naturalOrder()));
        return new TreeSet<>(without.subList(0, Math.clamp(more, 0, without.size())));
    }

    /** As MurmurHash3 ends: ids that differ in their last letter alone lie far apart. */
    private static int mixed(int hash) {
        int h = (hash ^ hash >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }
}
