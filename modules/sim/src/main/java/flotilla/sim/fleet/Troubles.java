package flotilla.sim.fleet;

import flotilla.fleet.cluster.Key;
import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.world.World;
import java.util.ArrayList;
import java.util.List;

/** What goes wrong, one thing after the other, each for a while. */
final class Troubles {
    /** How much faster or slower than true time a clock goes at most. */
    private static final double CLOCK_ERROR = 0.05;

    private final World world;
    private final Keeper keeper;
    private final List<Host> hosts;
    private final FleetChances chances;
    private final Unreadables unreadables;
    private final Story story;
    private final boolean orderly;
    private boolean over;

    /**
     * @param orderly whether most daemons end in order when they end
     */
    Troubles(Stage stage, FleetChances chances, boolean orderly) {
        this.orderly = orderly;
        this.world = stage.world();
        this.keeper = stage.keeper();
        this.hosts = stage.hosts();
        this.story = stage.story();
        this.chances = chances;
        this.unreadables = new Unreadables(world, keeper);
    }

    void begin() {
        world.after(world.about(chances.troubleNanos()), "trouble", this::next);
    }

    /** Nothing goes wrong any more, and what did is mended. */
    void end() {
        over = true;
        keeper.comeBack();
        unreadables.restoreAll();
        for (Host host : hosts) {
            host.cut(false, false);
            host.slowness(1);
            host.clockRate(1);
            host.calmDown();
            host.moveAgain();
            host.boot();
            host.startDaemon();
        }
    }

    private void next() {
        if (over) {
            return;
        }
        begin();
        strike(chances.troubles().get(world.random().nextInt(chances.troubles().size())), victim());
    }

    private void strike(Trouble trouble, Host victim) {
        story.tell(victim.id(), trouble);
        switch (trouble) {
            case POWER_CUT -> {
                victim.cutPower();
                later(victim::boot);
            }
            case KILL -> {
                if (orderly && world.random().nextInt(4) > 0) {
                    victim.stopDaemon();
                } else {
                    victim.killDaemon();
                }
                later(victim::startDaemon);
            }
            case PAUSE -> victim.pauseDaemon(world.about(chances.lastsNanos()));
            case FREEZE -> victim.freeze(world.about(chances.lastsNanos()));
            case CUT_OFF -> {
                boolean out = world.random().nextBoolean();
                victim.cut(out, !out || world.random().nextBoolean());
                later(() -> victim.cut(false, false));
            }
            case SLOW_WAY -> {
                victim.slowness(10 + world.random().nextInt(200));
                later(() -> victim.slowness(1));
            }
            case CLOCK -> victim.clockRate(1 + (world.random().nextDouble() * 2 - 1) * CLOCK_ERROR);
            case LEAVE -> {
                victim.leave();
                later(victim::startDaemon);
            }
            case STORE_AWAY -> {
                keeper.goAway();
                later(keeper::comeBack);
            }
            case COMPACTION -> keeper.compact();
            case BROKEN_WATCH -> victim.breakWatches();
            case UNIT_DIES -> any(List.copyOf(victim.running().keySet()), victim::die);
            case FILE_REMOVED -> any(victim.files(), victim::removeFile);
            case UNREADABLE -> {
                Key key = unreadables.strike();
                later(() -> unreadables.restore(key));
            }
        }
    }

    private interface Deed {
        void to(String unit);
    }

    private void any(List<String> units, Deed deed) {
        if (!units.isEmpty()) {
            deed.to(units.get(world.random().nextInt(units.size())));
        }
    }

    private void later(Runnable end) {
        world.after(
                world.about(chances.lastsNanos()),
                "trouble ends",
                () -> {
                    if (!over) {
                        end.run();
                    }
                });
    }

    /** As often as not whoever takes itself for the leader. */
    private Host victim() {
        List<Host> leaders = new ArrayList<>();
        if (world.random().nextBoolean()) {
            hosts.stream().filter(Host::leads).forEach(leaders::add);
        }
        List<Host> all = leaders.isEmpty() ? hosts : leaders;
        return all.get(world.random().nextInt(all.size()));
    }
}
