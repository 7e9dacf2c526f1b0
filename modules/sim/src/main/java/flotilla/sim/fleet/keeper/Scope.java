package flotilla.sim.fleet.keeper;

import flotilla.fleet.cluster.Key;

/** What somebody follows. */
public sealed interface Scope {
    boolean has(Key key);

    /** All that the engine decides from. */
    record Cluster() implements Scope {
        @Override
        public boolean has(Key key) {
            return !(key instanceof Key.OfState);
        }
    }

    /** What one machine is told. */
    record Placements(String machine) implements Scope {
        @Override
        public boolean has(Key key) {
            return key instanceof Key.OfPlacement(String id, String _) && id.equals(machine);
        }
    }
}
