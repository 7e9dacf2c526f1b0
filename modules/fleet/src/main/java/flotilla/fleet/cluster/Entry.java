package flotilla.fleet.cluster;

import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.PublishedState;
import java.util.Optional;

/** A key with its value. */
public sealed interface Entry {
    Key key();

    record OfJob(Job job) implements Entry {
        @Override
        public Key key() {
            return new Key.OfJob(job.name());
        }
    }

    /**
     * @param text as {@code UnitFile.fleetText}
     */
    record OfText(String hash, String text) implements Entry {
        @Override
        public Key key() {
            return new Key.OfText(hash);
        }
    }

    record OfMachine(Machine machine) implements Entry {
        @Override
        public Key key() {
            return new Key.OfMachine(machine.id());
        }
    }

    /**
     * @param value empty when the item was removed, which hides one of the machine's own
     */
    record OfMetadata(String machineId, String name, Optional<String> value) implements Entry {
        @Override
        public Key key() {
            return new Key.OfMetadata(machineId, name);
        }
    }

    record OfOwner(String unit, String machineId) implements Entry {
        @Override
        public Key key() {
            return new Key.OfOwner(unit);
        }
    }

    record OfPlacement(String machineId, String unit, Assignment assignment) implements Entry {
        @Override
        public Key key() {
            return new Key.OfPlacement(machineId, unit);
        }
    }

    record OfState(PublishedState state) implements Entry {
        @Override
        public Key key() {
            return new Key.OfState(state.machineId(), state.unit());
        }
    }
}
