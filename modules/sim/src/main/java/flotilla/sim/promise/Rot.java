package flotilla.sim.promise;

import flotilla.protocol.AlarmRequest;
import flotilla.protocol.AlarmType;
import flotilla.sim.world.World;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose state was made another one on purpose, and for whom an alarm was raised: for nobody else,
 * and for nobody at all where all is well. From then on what that member holds proves nothing.
 */
public final class Rot {
    /** Stands in an alarm for a member that can't be told. */
    private static final long NOBODY_KNOWS_WHO = 0;

    private final World world;

    /** Those that took in a checkpoint since then are among them: it may be that member's. */
    private final Set<Long> rotten = new TreeSet<>();

    private final Set<Long> named = new TreeSet<>();

    Rot(World world) {
        this.world = world;
    }

    /** A member's state is another one from now on. */
    public void planted(long member) {
        rotten.add(member);
    }

    public boolean isPlanted() {
        return !rotten.isEmpty();
    }

    boolean isRotten(long member) {
        return rotten.contains(member);
    }

    /** An alarm was raised, or disarmed, in the log's order; only CORRUPT says something. */
    void raised(AlarmRequest request) {
        if (request.getAlarm() != AlarmType.CORRUPT) {
            return;
        }
        long member = request.getMemberID();
        boolean right =
                rotten.size() > 1
                        || rotten.contains(member)
                        || (isPlanted() && member == NOBODY_KNOWS_WHO);
        if (!right) {
            throw world.broken("only who differs is named", "%s, while %s differ", request, rotten);
        }
        named.add(member);
    }

    /** Whether keys can't be changed any more. */
    public boolean isNamed() {
        return !named.isEmpty();
    }

    /** Whether an alarm was raised for that member. */
    public boolean isNamed(long member) {
        return named.contains(member);
    }
}
