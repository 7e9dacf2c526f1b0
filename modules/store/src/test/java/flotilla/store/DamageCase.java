package flotilla.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One harm to one kind of file of a member.
 *
 * @param row of the table in {@code docs/operate/recover.md}
 * @param file which are harmed, relative to the data directory: all that match
 * @param before what is gone besides, and would otherwise help out; "" for nothing
 * @param says what must be among the words
 */
record DamageCase(
        String row, String file, Harm harm, int seed, String before, Outcome to, String says) {
    private static final String STORE = "`member/state/live`: tables, `MANIFEST-N`, `CURRENT`";
    private static final String STORE_REST = "`member/state/live`: all else";
    private static final String CHECKPOINT = "`member/snap/checkpoint-T-N`";
    private static final String CLOSED = "`member/wal/N-M.wal`, but for the last";
    private static final String OPEN = "`member/wal/N-M.wal`, the last";
    private static final String MEMBERSHIP = "`member/membership`";
    private static final String LOCK = "`member/lock`";

    private static final Harm[] ALL = Harm.values();
    private static final String TABLE = "member/state/live/[^/]*\\.sst";
    private static final String NEWEST = "member/snap/NEWEST/";
    private static final String CHECKPOINTS = "member/snap/checkpoint-[^/]*/";
    private static final String NEEDED = "(state/(.*\\.sst|MANIFEST-.*|CURRENT)|manifest)";
    private static final String LIVE = "member/state/live/.*";
    private static final String LOG = "member/wal/";
    private static final String REBUILT = "it is made anew from a checkpoint and the log";

    static Stream<DamageCase> all() {
        return Stream.of(ofTheStore(), ofTheCheckpoints(), ofTheLog()).flatMap(one -> one);
    }

    /** The state, which can be made anew. */
    private static Stream<DamageCase> ofTheStore() {
        return Stream.of(
                        each(STORE, TABLE, new End(Outcome.MADE_ANEW, REBUILT), ALL),
                        each(STORE, TABLE, new End(Outcome.MADE_ANEW, REBUILT), Harm.FLIPPED)
                                .map(one -> one.seeded(1)),
                        each(
                                STORE,
                                "member/state/live/MANIFEST-.*",
                                new End(Outcome.MADE_ANEW, REBUILT),
                                ALL),
                        each(
                                STORE,
                                "member/state/live/CURRENT",
                                new End(Outcome.MADE_ANEW, REBUILT),
                                ALL),
                        each(
                                STORE_REST,
                                "member/state/live/(LOCK|LOG.*|IDENTITY|OPTIONS-.*|.*\\.log)",
                                new End(Outcome.SERVES, ""),
                                Harm.FLIPPED,
                                Harm.DELETED))
                .flatMap(one -> one);
    }

    /** What the state is made anew of. */
    private static Stream<DamageCase> ofTheCheckpoints() {
        End another = new End(Outcome.SERVES, "making the state anew from the checkpoint");
        End none = new End(Outcome.REFUSED, "no sound checkpoint reaches further");
        return Stream.of(
                        each(CHECKPOINT, NEWEST + ".*", new End(Outcome.SERVES, ""), Harm.DELETED),
                        each(CHECKPOINT, NEWEST + NEEDED, another, ALL)
                                .map(one -> one.without(LIVE)),
                        each(CHECKPOINT, CHECKPOINTS + NEEDED, none, ALL)
                                .map(one -> one.without(LIVE)))
                .flatMap(one -> one);
    }

    /** What nobody can give back. */
    private static Stream<DamageCase> ofTheLog() {
        End out = new End(Outcome.REFUSED, "Without one this member can't go on");
        return Stream.of(
                        each(CLOSED, LOG + "MIDDLE", out, ALL),
                        each(OPEN, LOG + "LAST", out, ALL),
                        each(
                                MEMBERSHIP,
                                "member/membership",
                                new End(Outcome.REFUSED, "put it back from a copy"),
                                ALL),
                        each(LOCK, "member/lock", new End(Outcome.SERVES, ""), Harm.DELETED))
                .flatMap(one -> one);
    }

    private record End(Outcome to, String says) {}

    private static Stream<DamageCase> each(String row, String file, End end, Harm... harms) {
        return Stream.of(harms)
                .map(harm -> new DamageCase(row, file, harm, 7, "", end.to(), end.says()));
    }

    DamageCase without(String more) {
        return new DamageCase(row, file, harm, seed, more, to, says);
    }

    DamageCase seeded(int other) {
        return new DamageCase(row, file, harm, other, before, to, says);
    }

    @Override
    public String toString() {
        return harm + " " + file + (before.isEmpty() ? "" : " without " + before) + " " + seed;
    }

    /** What happens to a file. */
    enum Harm {
        FLIPPED,
        CUT,
        EMPTIED,
        DELETED;

        void to(Path file, int seed) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            switch (this) {
                case FLIPPED -> Files.write(file, flipped(bytes, new Random(seed)));
                case CUT -> Files.write(file, Arrays.copyOf(bytes, written(bytes) / 2));
                case EMPTIED -> Files.write(file, new byte[0]);
                case DELETED -> {}
            }
        }

        /** Bytes up to the zeros that a log file is filled up with: without them it has all. */
        private static int written(byte[] bytes) {
            int end = bytes.length;
            while (end > 0 && bytes[end - 1] == 0) {
                end--;
            }
            return end;
        }

        private static byte[] flipped(byte[] bytes, Random random) {
            int end = written(bytes);
            if (end > 0) {
                int bit = random.nextInt(8 * end);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
            return bytes;
        }
    }

    /** What is to come of it. */
    enum Outcome {
        /** Starts, and has everything. */
        SERVES,
        /** As above, after it has made its state anew and said so; perhaps at the second start. */
        MADE_ANEW,
        /** Says which file and what to do, and starts when that is done. */
        REFUSED
    }
}
