package flotilla.platform.door;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who is in, and who goes when one more comes. A guest is a <i>stranger</i> until it has asked for
 * something whole, <i>busy</i> while it is answered, <i>idle</i> after that. Where there is no room
 * the oldest stranger goes, else the one idle for longest; who is busy stays. So a crowd that says
 * nothing pushes out itself, and neither a client that is served nor one that comes.
 *
 * <p>For any thread: connections belong to several event loops.
 */
final class Guests<G> {
    private final int most;
    private final Set<G> strangers = new LinkedHashSet<>();
    private final Set<G> busy = new HashSet<>();
    private final Set<G> idle = new LinkedHashSet<>();
    private final Set<G> leaving = new HashSet<>();

    /** What to do with one who comes. */
    sealed interface Answer<G> {
        record Welcome<G>() implements Answer<G> {}

        record InPlaceOf<G>(G leaves) implements Answer<G> {}

        record Full<G>() implements Answer<G> {}
    }

    Guests(int most) {
        this.most = most;
    }

    synchronized Answer<G> arrive(G guest) {
        if (count() < most) {
            strangers.add(guest);
            return new Answer.Welcome<>();
        }
        // Those told to go may take their time: nobody may bring in any number meanwhile.
        Optional<G> leaves = leaving.size() >= most ? Optional.empty() : sendAway();
        if (leaves.isEmpty()) {
            return new Answer.Full<>();
        }
        strangers.add(guest);
        return new Answer.InPlaceOf<>(leaves.get());
    }

    /** Chooses one to go, if anybody may. */
    synchronized Optional<G> sendAway() {
        Optional<G> leaves = first(strangers).or(() -> first(idle));
        leaves.ifPresent(leaving::add);
        return leaves;
    }

    private static <G> Optional<G> first(Set<G> guests) {
        Iterator<G> oldest = guests.iterator();
        if (!oldest.hasNext()) {
            return Optional.empty();
        }
        G guest = oldest.next();
        oldest.remove();
        return Optional.of(guest);
    }

    synchronized void busy(G guest) {
        if (strangers.remove(guest) || idle.remove(guest)) {
            busy.add(guest);
        }
    }

    synchronized void idle(G guest) {
        if (busy.remove(guest)) {
            idle.add(guest);
        }
    }

    synchronized void gone(G guest) {
        var _ =
                strangers.remove(guest)
                        || busy.remove(guest)
                        || idle.remove(guest)
                        || leaving.remove(guest);
    }

    /** Whether so many are still going that the next should wait outside. */
    synchronized boolean crowded() {
        return leaving.size() > most / 8;
    }

    /** Those who go too: each holds its file and memory until it has gone. */
    synchronized int here() {
        return count() + leaving.size();
    }

    private int count() {
        return strangers.size() + busy.size() + idle.size();
    }
}
