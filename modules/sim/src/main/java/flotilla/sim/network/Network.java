package flotilla.sim.network;

import flotilla.raft.message.Message;
import flotilla.sim.world.Life;
import flotilla.sim.world.World;
import flotilla.store.log.Transport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All links between members. Each direction of a link is a thing of its own. */
public final class Network {
    private final World world;
    private final Map<Long, Port> ports = new TreeMap<>();
    private final Map<Link, Long> joinedSince = new TreeMap<>();
    private final Set<Link> cut = new HashSet<>();
    private final List<Tap> taps = new ArrayList<>();
    private Weather weather;

    /** One direction. */
    record Link(long from, long to) implements Comparable<Link> {
        @Override
        public int compareTo(Link other) {
            int byFrom = Long.compare(from, other.from);
            return byFrom != 0 ? byFrom : Long.compare(to, other.to);
        }
    }

    public Network(World world, Weather weather) {
        this.world = world;
        this.weather = weather;
    }

    /** Sees each message as it is sent, lost or not, and as it arrives. */
    public interface Tap {
        void sent(Message message);

        void received(Message message);
    }

    public void tap(Tap tap) {
        taps.add(tap);
    }

    void sent(Message message) {
        taps.forEach(tap -> tap.sent(message));
    }

    void received(Message message) {
        taps.forEach(tap -> tap.received(message));
    }

    public void weather(Weather next) {
        weather = next;
    }

    /** Lets a process send and be reached under an id, in place of whoever had it. */
    public Transport open(long member, Life life, Transport.Receiver receiver) {
        Port before = ports.get(member);
        if (before != null) {
            before.close();
        }
        Port port = new Port(this, member, life, receiver);
        ports.put(member, port);
        return port;
    }

    /** The process of that id has ended. */
    public void gone(long member) {
        Port port = ports.remove(member);
        if (port != null) {
            port.close();
        }
    }

    public void cut(long from, long to) {
        cut.add(new Link(from, to));
    }

    public void join(long from, long to) {
        Link link = new Link(from, to);
        if (cut.remove(link)) {
            joinedSince.put(link, world.now());
        }
    }

    public void joinAll() {
        Set.copyOf(cut).stream().sorted().forEach(link -> join(link.from, link.to));
    }

    World world() {
        return world;
    }

    Weather weather() {
        return weather;
    }

    boolean isCut(long from, long to) {
        return cut.contains(new Link(from, to));
    }

    boolean loses() {
        return world.chance(weather.lossPermille());
    }

    long delay() {
        long usual = weather.delayNanos() / 4 + world.about(weather.delayNanos());
        return world.chance(weather.latePermille()) ? usual * 100 : usual;
    }

    /** Since when both could reach each other, in true time; -1 if they can't. */
    long reachedSince(long one, long other) {
        Port theirs = ports.get(other);
        if (theirs == null || isCut(one, other) || isCut(other, one)) {
            return -1;
        }
        long there = joinedSince.getOrDefault(new Link(one, other), 0L);
        long back = joinedSince.getOrDefault(new Link(other, one), 0L);
        return Math.max(theirs.openedAt(), Math.max(there, back));
    }

    @Nullable Port port(long member) {
        return ports.get(member);
    }
}
