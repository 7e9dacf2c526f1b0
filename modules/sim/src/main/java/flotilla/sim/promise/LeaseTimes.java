package flotilla.sim.promise;

import flotilla.protocol.LeaseGrantRequest;
import flotilla.sim.world.World;
import flotilla.store.command.Command;
import java.util.HashMap;
import java.util.Map;

/**
 * Until when each lease must last, by true time: a lease ends late, or never, but not early. A
 * leader's clock may go fast, and by as much it may err.
 */
final class LeaseTimes {
    private final World world;

    /**
     * No clock of the simulation goes faster, permille above true time; with something to spare.
     */
    private static final long FAST_PERMILLE = 60;

    private final Map<Long, Long> lastsUntil = new HashMap<>();

    LeaseTimes(World world) {
        this.world = world;
    }

    /** A command was applied for the first time. */
    void applied(Command command, long now) {
        switch (command.getCommandCase()) {
            case LEASE_GRANT -> {
                LeaseGrantRequest grant = command.getLeaseGrant();
                lasts(grant.getID(), now, grant.getTTL());
            }
            case LEASE_REVOKE -> {
                long lease = command.getLeaseRevoke().getID();
                Long until = lastsUntil.remove(lease);
                if (command.getOnlyInTerm() != 0 && until != null && now < until) {
                    throw world.broken(
                            "no lease ends early",
                            "%d is revoked %d ms before its time",
                            lease,
                            (until - now) / 1_000_000);
                }
            }
            default -> {}
        }
    }

    /**
     * A client was told that its lease lasts for so long.
     *
     * @param asked when it asked
     */
    void renewed(long lease, long asked, long ttlSeconds) {
        if (lastsUntil.containsKey(lease)) {
            lasts(lease, asked, ttlSeconds);
        }
    }

    private void lasts(long lease, long from, long ttlSeconds) {
        long until = from + ttlSeconds * 1_000_000_000L / (1_000 + FAST_PERMILLE) * 1_000;
        lastsUntil.merge(lease, until, Math::max);
    }
}
