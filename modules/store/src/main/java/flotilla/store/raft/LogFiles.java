package flotilla.store.raft;

import flotilla.platform.disk.DamagedFile;
import flotilla.store.log.LogConfig;
import flotilla.store.log.Membership;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;
import org.jspecify.annotations.Nullable;

/**
 * Ratis' log files, looked at before Ratis does: it deletes a closed file that has become empty,
 * and goes on where the log ends, whatever should have come after.
 *
 * @param first the first entry, counted from 1; one after the last where there is none
 * @param last the last entry; 0 for none
 * @param lastTerm its term; 0 where it was not read
 */
record LogFiles(long first, long last, long lastTerm) {
    /** What to do where the log is damaged. */
    static final String WAY_BACK =
            "put the file back from a copy; a closed one (log_N-M) never changes. Without a copy this"
                    + " member stays out, for it has forgotten what it acknowledged, and the others go"
                    + " on";

    /** {@code log_START-END}, or {@code log_inprogress_START} for the one that is written. */
    private static final Pattern NAME = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");

    /** Whether no entry is missing between that one and the log. */
    boolean reachesBackTo(long index) {
        return first <= index + 1;
    }

    /**
     * Reads the last file only: Ratis will read them all, and does not look whether the last is
     * whole.
     *
     * @param current the directory with the files
     * @throws DamagedFile where one is empty, missing or unreadable
     */
    static LogFiles read(Path current, SizeInBytes entryBytesMax) throws IOException {
        List<Segment> segments = segments(current);
        if (segments.isEmpty()) {
            return new LogFiles(1, 0, 0);
        }
        long next = segments.getFirst().start();
        for (Segment segment : segments) {
            if (segment.start() != next) {
                throw new DamagedFile(
                        current,
                        "entries %d to %d are missing before %s"
                                .formatted(next + 1, segment.start(), segment.path()),
                        WAY_BACK);
            }
            segment.refuseEmpty();
            next = segment.end() + 1;
        }
        Segment last = segments.getLast();
        Contents contents = last.contents(entryBytesMax);
        return new LogFiles(
                segments.getFirst().start() + 1,
                last.start() + contents.entries(),
                contents.lastTerm());
    }

    /**
     * Ratis wraps what is wrong many times over, an address that is taken as well as a damaged
     * file, and often names neither.
     */
    static IOException explain(LogConfig config, Membership membership, Exception failure) {
        Throwable root = failure;
        String named = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DamagedFile damaged) {
                return damaged;
            }
            String words = String.valueOf(cause.getMessage());
            named = words.contains(config.directory().toString()) ? words : named;
            root = cause;
        }
        if (!named.isEmpty()) {
            return new DamagedFile(config.directory(), named, WAY_BACK, failure);
        }
        try {
            check(
                    RatisSettings.current(config, RatisSettings.group(membership)),
                    RatisStateMachine.entryBytesMax(RatisSettings.properties(config)));
        } catch (IOException damaged) {
            return damaged;
        }
        return new IOException(
                "can't listen for peers at " + config.peerListen() + ": " + root.getMessage(),
                failure);
    }

    /** Reads them all, to find which it was that Ratis could not read. */
    private static void check(Path current, SizeInBytes entryBytesMax) throws IOException {
        for (Segment segment : segments(current)) {
            var _ = segment.contents(entryBytesMax);
        }
    }

    private record Contents(long entries, long lastTerm) {}

    private static List<Segment> segments(Path current) throws IOException {
        try (Stream<Path> files = Files.list(current)) {
            return files.map(Segment::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(Segment::start))
                    .toList();
        }
    }

    /**
     * One file, entries counted from 0 as in its name.
     *
     * @param end -1 for the one that is written
     */
    private record Segment(Path path, long start, long end) {
        static Optional<Segment> of(Path path) {
            Matcher name = NAME.matcher(String.valueOf(path.getFileName()));
            if (!name.matches()) {
                return Optional.empty();
            }
            boolean open = name.group(1) != null;
            long start = Long.parseLong(open ? name.group(1) : name.group(2));
            return Optional.of(new Segment(path, start, open ? -1 : Long.parseLong(name.group(3))));
        }

        /** Ratis deletes it, with a warning; one that is written begins empty. */
        void refuseEmpty() throws IOException {
            if (end >= 0 && Files.size(path) == 0) {
                throw damaged("it is empty", null);
            }
        }

        Contents contents(SizeInBytes entryBytesMax) throws IOException {
            if (end < 0 && Files.size(path) == 0) {
                return new Contents(0, 0);
            }
            AtomicLong term = new AtomicLong();
            int entries;
            try {
                entries =
                        LogSegment.readSegmentFile(
                                path.toFile(),
                                LogSegmentPath.matchLogSegment(path).getStartEnd(),
                                entryBytesMax,
                                CorruptionPolicy.EXCEPTION,
                                null,
                                entry -> term.set(entry.getTerm()));
            } catch (IOException | RuntimeException e) {
                throw damaged(String.valueOf(e.getMessage()), e);
            }
            if (end >= 0 && entries != end - start + 1) {
                throw damaged("it holds only %d entries".formatted(entries), null);
            }
            return new Contents(entries, term.get());
        }

        private DamagedFile damaged(String what, @Nullable Exception cause) {
            return new DamagedFile(path, what, WAY_BACK, cause);
        }
    }
}
