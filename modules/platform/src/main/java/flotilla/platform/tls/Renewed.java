package flotilla.platform.tls;

import flotilla.platform.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was made of files, and is made anew when they change. Whoever asks looks, and nobody looks
 * twice within a second: an idle port costs nothing, and its first guest finds the newest files.
 * Files that can't be used change nothing, and are told of once.
 *
 * <p>Looking is a {@code stat} of each file; so short that it is done on network threads too.
 */
final class Renewed<T> {
    private static final Logger log = LoggerFactory.getLogger(Renewed.class);

    /** How often files are looked at, at most. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final List<Path> files;
    private final Maker<T> maker;
    private final Clock clock;
    private final AtomicLong nextLookNanos;
    private volatile List<Stamp> stamps;
    private volatile T made;

    /** Makes it of the files' present contents. */
    @FunctionalInterface
    interface Maker<T> {
        /**
         * @throws IOException naming the file that can't be used, and what to do
         */
        T make() throws IOException;
    }

    /** When one differs the file has changed; all empty where there is none. */
    private record Stamp(@Nullable FileTime modified, @Nullable Object identity, long bytes) {
        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.fileKey(), now.size());
            } catch (IOException none) {
                return new Stamp(null, null, 0);
            }
        }
    }

    private Renewed(List<Path> files, Maker<T> maker, Clock clock) throws IOException {
        this.files = files;
        this.maker = maker;
        this.clock = clock;
        this.nextLookNanos = new AtomicLong(clock.nanos() + PAUSE.toNanos());
        this.stamps = stamps();
        this.made = maker.make();
    }

    static <T> Renewed<T> of(List<Path> files, Maker<T> maker, Clock clock) throws IOException {
        return new Renewed<>(files, maker, clock);
    }

    private List<Stamp> stamps() {
        return files.stream().map(Stamp::of).toList();
    }

    T now() {
        long due = nextLookNanos.get();
        long now = clock.nanos();
        if (now - due >= 0 && nextLookNanos.compareAndSet(due, now + PAUSE.toNanos())) {
            look();
        }
        return made;
    }

    /** The stamps are older than what is read: a change while it is read is seen the next time. */
    private synchronized void look() {
        List<Stamp> seen = stamps();
        if (seen.equals(stamps)) {
            return;
        }
        stamps = seen;
        try {
            made = maker.make();
            log.info("new connections use what {} hold now", files);
        } catch (IOException e) {
            log.warn(
                    "certificates changed and can't be used, so the former ones stay in use: {}",
                    e.getMessage());
        }
    }
}
