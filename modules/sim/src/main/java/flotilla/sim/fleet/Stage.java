package flotilla.sim.fleet;

import flotilla.sim.fleet.host.Host;
import flotilla.sim.fleet.keeper.Keeper;
import flotilla.sim.world.World;
import java.util.List;

/** Where a run takes place. */
record Stage(World world, Keeper keeper, List<Host> hosts, Story story) {}
