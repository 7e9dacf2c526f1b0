package flotilla.fleet.job;

import flotilla.fleet.job.Rollout.Phase;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of history: something was asked of a unit, or happened to it, or to a machine.
 *
 * @param atMillis by the clock of who wrote it, in milliseconds since 1970
 * @param unit or the template, or unit, that a rollout is of; empty for what happened to a machine
 *     itself
 * @param hash of the text that is wanted, told of, or rolled out; empty when it is about none
 * @param machineId where the unit comes, stays or leaves, or the machine itself; else empty
 * @param fromId the machine that the unit went away from in the same step; else empty
 * @param desired what is wanted, or what the machine is told, from then on; empty when nothing is
 * @param generation of what is wanted; 0 when it is about none
 * @param by who asked: user, {@code @} and the id of the machine that was asked; else empty
 * @param reason of what the engine did; else empty
 */
public record Deed(
        What what,
        long atMillis,
        String unit,
        String hash,
        String machineId,
        String fromId,
        Optional<JobState> desired,
        long generation,
        String by,
        String reason) {
    /** In the order of a unit's life; then those of machines, and of rollouts. */
    public enum What {
        SUBMITTED,
        CHANGED,
        LAUNCHED,
        LOADED,
        UNLOADED,
        RESTARTED,
        DESTROYED,
        PLACED,
        UPDATED,
        MOVED,
        WITHDRAWN,
        RELEASED,
        STRUCK,
        JOINED,
        GONE,
        CORDONED,
        DRAINED,
        UNCORDONED,
        ROLLOUT_BEGUN,
        ROLLOUT_PAUSED,
        ROLLOUT_RESUMED,
        ROLLOUT_UNDOING,
        ROLLOUT_DONE,
        ROLLOUT_UNDONE,
        ROLLOUT_FAILED;

        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** That a rollout which has begun comes to it. */
        private static What of(Phase phase) {
            return switch (phase) {
                case RUNNING -> ROLLOUT_RESUMED;
                case PAUSED -> ROLLOUT_PAUSED;
                case UNDOING -> ROLLOUT_UNDOING;
                case DONE -> ROLLOUT_DONE;
                case UNDONE -> ROLLOUT_UNDONE;
                case FAILED -> ROLLOUT_FAILED;
            };
        }

        public static Optional<What> of(String text) {
            for (What what : values()) {
                if (what.text().equals(text)) {
                    return Optional.of(what);
                }
            }
            return Optional.empty();
        }
    }

    public Deed {
        if (unit.isEmpty() && machineId.isEmpty()) {
            throw new IllegalArgumentException("it happened to neither a unit nor a machine");
        }
        if (atMillis < 0 || generation < 0) {
            throw new IllegalArgumentException("neither a time nor a generation is negative");
        }
    }

    /**
     * Something was asked of a unit.
     *
     * @param job as it is wanted from then on; of one that was destroyed, as it was
     */
    public static Deed asked(What what, Job job, String by, long atMillis) {
        Optional<JobState> desired =
                what == What.DESTROYED ? Optional.empty() : Optional.of(job.desired());
        return new Deed(
                what, atMillis, job.name(), job.hash(), "", "", desired, job.generation(), by, "");
    }

    /** The engine changed what a machine is told of a unit. */
    public static Deed done(What what, String unit, String machineId, String reason) {
        return new Deed(what, 0, unit, "", machineId, "", Optional.empty(), 0, "", reason);
    }

    /** A machine came or went. */
    public static Deed seen(What what, String machineId, String reason) {
        return new Deed(what, 0, "", "", machineId, "", Optional.empty(), 0, "", reason);
    }

    /** Somebody began a rollout. */
    public static Deed begun(Rollout rollout) {
        return rolled(What.ROLLOUT_BEGUN, rollout, rollout.by());
    }

    /**
     * A rollout that has begun came to its phase.
     *
     * @param by who asked; empty when the engine found it so
     */
    public static Deed steered(Rollout rollout, String by) {
        return rolled(What.of(rollout.phase()), rollout, by);
    }

    private static Deed rolled(What what, Rollout rollout, String by) {
        return new Deed(
                what,
                rollout.stage().sinceMillis(),
                rollout.name(),
                rollout.hash(),
                "",
                "",
                Optional.empty(),
                0,
                by,
                by.isEmpty() ? rollout.stage().reason() : "");
    }

    public Deed at(long millis) {
        return new Deed(
                what, millis, unit, hash, machineId, fromId, desired, generation, by, reason);
    }

    public Deed from(String machine) {
        return new Deed(
                what, atMillis, unit, hash, machineId, machine, desired, generation, by, reason);
    }

    public Deed told(Assignment told) {
        return new Deed(
                what,
                atMillis,
                unit,
                told.hash(),
                machineId,
                fromId,
                Optional.of(told.desired()),
                told.generation(),
                by,
                reason);
    }

    /** Whether somebody asked for it, of a unit or a machine. */
    public boolean isWish() {
        return switch (what) {
            case SUBMITTED, CHANGED, LAUNCHED, LOADED, UNLOADED, RESTARTED, DESTROYED -> true;
            case CORDONED, DRAINED, UNCORDONED -> true;
            case PLACED, UPDATED, MOVED, WITHDRAWN, RELEASED, STRUCK, JOINED, GONE -> false;
            case ROLLOUT_BEGUN, ROLLOUT_PAUSED, ROLLOUT_RESUMED, ROLLOUT_UNDOING -> false;
            case ROLLOUT_DONE, ROLLOUT_UNDONE, ROLLOUT_FAILED -> false;
        };
    }
}
