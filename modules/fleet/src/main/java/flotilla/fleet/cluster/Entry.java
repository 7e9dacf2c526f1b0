package flotilla.fleet.cluster;

import flotilla.fleet.job.Acknowledgement;
import flotilla.fleet.job.Assignment;
import flotilla.fleet.job.Deed;
import flotilla.fleet.job.Defaults;
import flotilla.fleet.job.Eligibility;
import flotilla.fleet.job.Image;
import flotilla.fleet.job.Job;
import flotilla.fleet.job.Machine;
import flotilla.fleet.job.PublishedState;
import flotilla.fleet.job.Rollout;
import flotilla.fleet.job.Sighting;
import flotilla.fleet.job.Strikes;
import java.util.Optional;
import java.util.Set;

/** A key with its value. */
public sealed interface Entry {
    Key key();

    /** What is there can't be read, or not by this version: it is left alone. */
    record Unreadable(Key key) implements Entry {}

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

    /**
     * @param eligibility never ready: that is said by removing the key
     */
    record OfDefaults(Defaults defaults) implements Entry {
        @Override
        public Key key() {
            return new Key.OfDefaults();
        }
    }

    record OfEligibility(String machineId, Eligibility eligibility) implements Entry {
        public OfEligibility {
            if (eligibility == Eligibility.READY) {
                throw new IllegalArgumentException(machineId + " is ready when the key is absent");
            }
        }

        @Override
        public Key key() {
            return new Key.OfEligibility(machineId);
        }
    }

    record OfOwner(String unit, String machineId) implements Entry {
        @Override
        public Key key() {
            return new Key.OfOwner(unit);
        }
    }

    /**
     * @param sinceMillis when the machine was told, in milliseconds since 1970; 0 when not known
     * @param earlier hashes of other texts that it was told before, and may have of the unit until
     *     it answers this
     */
    record OfPlacement(
            String machineId,
            String unit,
            Assignment assignment,
            long sinceMillis,
            Set<String> earlier)
            implements Entry {
        public OfPlacement {
            earlier = Set.copyOf(earlier);
        }

        /** Of a unit of which the machine has no other text. */
        public OfPlacement(String machineId, String unit, Assignment assignment, long sinceMillis) {
            this(machineId, unit, assignment, sinceMillis, Set.of());
        }

        @Override
        public Key key() {
            return new Key.OfPlacement(machineId, unit);
        }
    }

    record OfAcknowledgement(String machineId, String unit, Acknowledgement said) implements Entry {
        @Override
        public Key key() {
            return new Key.OfAcknowledgement(machineId, unit);
        }
    }

    record OfStrikes(String unit, Strikes strikes) implements Entry {
        @Override
        public Key key() {
            return new Key.OfStrikes(unit);
        }
    }

    record OfSighting(String machineId, Sighting sighting) implements Entry {
        @Override
        public Key key() {
            return new Key.OfSighting(machineId);
        }
    }

    /**
     * The machine goes in order. It outlives the machine's own key, for an engine that comes later,
     * until the machine is back or no death could count any more.
     *
     * @param stopped whether nothing of its units is left there any more
     */
    record OfLeaving(String machineId, boolean stopped) implements Entry {
        @Override
        public Key key() {
            return new Key.OfLeaving(machineId);
        }
    }

    record OfHistory(Deed deed) implements Entry {
        @Override
        public Key.OfHistory key() {
            // Two of one time differ in what they tell, or of which machine or generation.
            String line =
                    "%013d-%s-%d-%s"
                            .formatted(
                                    deed.atMillis(),
                                    deed.what().text(),
                                    deed.generation(),
                                    deed.machineId());
            return deed.unit().isEmpty()
                    ? new Key.OfHistory("machine", deed.machineId(), line)
                    : new Key.OfHistory("unit", deed.unit(), line);
        }
    }

    record OfRollout(Rollout rollout) implements Entry {
        @Override
        public Key key() {
            return new Key.OfRollout(rollout.name());
        }
    }

    record OfImage(Image image) implements Entry {
        @Override
        public Key key() {
            return new Key.OfImage(image.name().full());
        }
    }

    /**
     * @param images by the digests of their configs
     */
    record OfHolding(String machineId, Set<String> images) implements Entry {
        public OfHolding {
            images = Set.copyOf(images);
        }

        @Override
        public Key key() {
            return new Key.OfHolding(machineId);
        }
    }

    record OfState(PublishedState state) implements Entry {
        @Override
        public Key key() {
            return new Key.OfState(state.machineId(), state.unit());
        }
    }
}
