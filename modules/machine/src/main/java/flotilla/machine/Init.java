package flotilla.machine;

import flotilla.platform.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The init system of this host: the port through which everything starts, stops and watches units.
 * Two hosts stand behind it: systemd, and the embedded init. Names are full unit names ({@code
 * api@1.service}); an unknown name is answered with {@link UnitState#notFound}, not an exception.
 *
 * <p>All methods are safe from any thread. Methods that return a future do not block; the future
 * completes when the job is done (systemd's "job removed"), with its result.
 */
public interface Init extends AutoCloseable {
    /**
     * Puts a unit file (or with a name like {@code etcd.service.d/20-cloudinit.conf} a drop-in)
     * into one of the unit directories, atomically. Takes effect with {@link #reload}.
     */
    void write(UnitDirectory directory, String name, String content) throws IOException;

    /**
     * Removes a unit file that {@link #write} put there, and the links to it that {@link #enable}
     * made there; a missing file is no error.
     */
    void remove(UnitDirectory directory, String name) throws IOException;

    /** The text of a unit file that is there now; empty when there is none. */
    Optional<String> read(UnitDirectory directory, String name) throws IOException;

    /** Reads all unit files again (systemd's daemon-reload). */
    void reload() throws IOException;

    /** Makes a unit start at boot, by its [Install] section. */
    void enable(String name, UnitDirectory directory) throws IOException;

    /** Forbids a unit: it can't be started until unmasked. */
    void mask(String name, UnitDirectory directory) throws IOException;

    void unmask(String name, UnitDirectory directory) throws IOException;

    /** Runs one job on one unit, mode "replace": an older job of the unit that waits is dropped. */
    CompletableFuture<JobResult> job(JobVerb verb, String name);

    /**
     * Ends all processes of a unit with SIGKILL; does not wait. Whether the unit stops is another
     * matter: it may have {@code Restart=}.
     */
    void kill(String name);

    /**
     * Runs a command beside a unit's own, as if it were one of them: in its environment and
     * directory, as its user, and with the time that it may take. When that is over, or the unit
     * stops, it is killed with all it has started.
     *
     * @param line as of an Exec line of the unit (systemd.service(5), "Command lines")
     * @return why it did not succeed, in a few words, the last line that it wrote among them; empty
     *     when it did
     */
    CompletableFuture<String> probe(String name, String line, Duration limit);

    /**
     * How long these units may run on unless it is said again: then their processes are killed, and
     * nothing starts them until it is said again. That holds even while the caller's process stands
     * still. Instead of what was said before; other units run for as long as they like.
     *
     * @return false when this init has no such timer: then the caller alone can see to it, and only
     *     while it runs
     */
    boolean permit(Set<String> units, Duration time);

    /** Clears a unit's "failed" state and its start-rate counter. */
    void resetFailed(String name);

    /** The state of each unit named, at one moment. */
    Map<String, UnitState> states(Collection<String> names);

    /** Every unit loaded just now. */
    List<UnitState> list();

    /** Calls back on each change of a unit's state until closed; calls are in order and quick. */
    Registration subscribe(Consumer<UnitState> listener);

    /**
     * The unit's text as systemctl status prints it: state, main PID, the last lines of its log.
     */
    String status(String name);

    /** The last lines a unit logged, oldest first, at most so many. */
    List<JournalLine> journal(String name, int lines);

    /**
     * The same lines, and then every new one as it is logged, until closed. The listener may block;
     * lines it is too slow for are dropped and it is told how many.
     */
    Registration follow(String name, int lines, Consumer<JournalLine> listener);

    @Override
    void close();

    /** Where a unit file lives; /run's shadow /usr's and /etc's shadow both (systemd.unit(5)). */
    enum UnitDirectory {
        /** {@code /etc/systemd/system}: the administrator's, survives a reboot. */
        PERSISTENT,
        /** {@code /run/systemd/system}: gone after a reboot. */
        RUNTIME
    }

    /** systemd's job types, as cloud-config's {@code command:} and systemctl spell them. */
    enum JobVerb {
        START,
        STOP,
        RESTART,
        RELOAD,
        TRY_RESTART,
        RELOAD_OR_RESTART,
        RELOAD_OR_TRY_RESTART
    }

    /** systemd's job results. */
    enum JobResult {
        DONE,
        FAILED,
        TIMEOUT,
        CANCELED,
        DEPENDENCY,
        SKIPPED,
        /** There is no such unit, or its file is bad; the unit's status says which. */
        NOT_LOADED
    }
}
