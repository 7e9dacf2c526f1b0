package flotilla.fleet.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A new text on its way to the units of one set, one after another; a global unit's machines, too,
 * get it one after another. The phases:
 *
 * <pre>
 * running ── pause ──> paused ── resume ──> running
 * running ── all have it, and are healthy ──> done
 * running ── one fails, or takes too long ──> undoing; failed, where it is not to be undone
 * running ── somebody gives the set another text ──> failed
 * failed ── resume ──> running
 * running, paused, failed, done ── undo ──> undoing ── all are back ──> undone
 * </pre>
 *
 * @param name of the set: a template, which stands for its instances, or one unit that is neither
 *     and may be global
 * @param hash of the new text
 * @param before hash of the template's text before, empty when the cluster had none; or of the text
 *     that the one unit goes back to
 * @param from hashes of the texts that units of the set had when it began: one with another text
 *     was given it by somebody, and is left alone
 * @param by who began it, as far as that is known, and the machine that was asked
 */
public record Rollout(
        String name,
        String hash,
        Optional<String> before,
        Set<String> from,
        Policy policy,
        Stage stage,
        String by) {
    /** Texts that units of one set may have when it begins. */
    public static final int TEXTS_MAX = 32;

    /** How long one that is over is remembered, its old texts with it: so long it can be undone. */
    public static final Duration KEPT = Duration.ofDays(7);

    public Rollout {
        if (name.isEmpty() || hash.isEmpty() || from.size() > TEXTS_MAX) {
            throw new IllegalArgumentException(
                    "a rollout is of a text, to units with at most " + TEXTS_MAX + " others");
        }
        from = Set.copyOf(new TreeSet<>(from));
    }

    /** How far it is. */
    public enum Phase {
        RUNNING,
        PAUSED,
        UNDOING,
        DONE,
        UNDONE,
        FAILED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Phase> of(String text) {
            return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst();
        }

        /** Whether nothing more happens unless somebody says so. */
        public boolean isOver() {
            return this == DONE || this == UNDONE || this == FAILED;
        }
    }

    /**
     * @param reason why it came to this; empty when it was just begun, or all went well
     * @param sinceMillis wall clock, in milliseconds since 1970
     */
    public record Stage(Phase phase, String reason, long sinceMillis) {}

    /**
     * How it goes on.
     *
     * @param parallelism at most so many are not healthy at once
     * @param minHealthyMillis how long one must be healthy without a break before it counts
     * @param deadlineMillis how long one may take until then
     * @param autoUndo whether all go back to their old texts when one fails
     */
    public record Policy(
            int parallelism, long minHealthyMillis, long deadlineMillis, boolean autoUndo) {
        /** Units at once; who wants more has no use for a rollout. */
        public static final int PARALLELISM_MAX = 1_000;

        /** Of both times. */
        public static final Duration TIME_MAX = Duration.ofDays(1);

        /** Nomad's: one at a time, ten seconds, five minutes. */
        public static final Policy DEFAULT =
                new Policy(
                        1,
                        Duration.ofSeconds(10).toMillis(),
                        Duration.ofMinutes(5).toMillis(),
                        true);

        public Policy {
            if (parallelism < 1 || parallelism > PARALLELISM_MAX) {
                throw new IllegalArgumentException(
                        "parallelism %d: want 1 to %d".formatted(parallelism, PARALLELISM_MAX));
            }
            if (minHealthyMillis < 0
                    || deadlineMillis <= minHealthyMillis
                    || deadlineMillis > TIME_MAX.toMillis()) {
                throw new IllegalArgumentException(
                        "a deadline of %d ms: want more than the %d ms that a unit is to be healthy,"
                                        .formatted(deadlineMillis, minHealthyMillis)
                                + " and at most a day");
            }
        }
    }

    /**
     * What one unit goes back to, if it does: where an earlier rollout of it has stopped half-way,
     * what that one would have gone back to. Of a global unit some machines have it still.
     *
     * @param now hash of the text that it has
     * @param next hash of the one that it is to have
     */
    public static Optional<String> before(Optional<Rollout> earlier, String now, String next) {
        return earlier.filter(its -> its.hash().equals(now) && its.phase() != Phase.DONE)
                .flatMap(Rollout::before)
                .filter(hash -> !hash.equals(next))
                .or(() -> Optional.of(now).filter(hash -> !hash.equals(next)));
    }

    public Phase phase() {
        return stage.phase();
    }

    public Rollout in(Stage next) {
        return new Rollout(name, hash, before, from, policy, next, by);
    }

    /** Every text that it may still need. */
    public Set<String> texts() {
        Set<String> texts = new HashSet<>(from);
        texts.add(hash);
        before.ifPresent(texts::add);
        return texts;
    }
}
