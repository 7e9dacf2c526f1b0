package flotilla.raft.sim;

import flotilla.raft.message.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Messages under way. They arrive in any order, twice, or not at all; links are cut one way. */
final class ModelNetwork {
    /** More than these at once on one link are lost, as by full queues. */
    private static final int LINK_MAX = 60;

    private record Link(long from, long to) {}

    private final Random random;
    private final Chances chances;
    private final Map<Link, List<Message>> links =
            new TreeMap<>(Comparator.comparingLong(Link::from).thenComparingLong(Link::to));
    private final Set<Link> cut = new HashSet<>();
    private boolean lossless;

    ModelNetwork(Random random, Chances chances) {
        this.random = random;
        this.chances = chances;
    }

    void send(Message message) {
        Link link = new Link(message.from(), message.to());
        if (!lossless && (cut.contains(link) || random.nextInt(1000) < chances.lossPermille())) {
            return;
        }
        List<Message> queue = links.computeIfAbsent(link, key -> new ArrayList<>());
        if (queue.size() >= LINK_MAX) {
            queue.remove(random.nextInt(queue.size()));
        }
        queue.add(message);
    }

    /**
     * One that arrives now: mostly the oldest of its link.
     *
     * @param receives whether a member takes messages
     */
    @Nullable Message next(LongPredicate receives) {
        List<List<Message>> busy = new ArrayList<>();
        links.forEach((link, queue) -> {
            if (!queue.isEmpty() && receives.test(link.to)) {
                busy.add(queue);
            }
        });
        if (busy.isEmpty()) {
            return null;
        }
        List<Message> queue = busy.get(random.nextInt(busy.size()));
        boolean jumps = random.nextInt(1000) < chances.reorderPermille();
        int place = jumps ? random.nextInt(queue.size()) : 0;
        boolean stays = !lossless && random.nextInt(1000) < chances.repeatPermille();
        return stays ? queue.get(place) : queue.remove(place);
    }

    void cut(long from, long to) {
        cut.add(new Link(from, to));
    }

    /** Whether there was something to heal. */
    boolean heal() {
        boolean some = !cut.isEmpty();
        cut.clear();
        return some;
    }

    /** From now on it loses and doubles nothing. */
    void becomeLossless() {
        lossless = true;
    }
}
