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
 * <p>All methods are safe from any thread. Methods that return a future do not block. An {@link
 * IOException} says that the init refused, or can't be asked just now: which one is in its words,
 * and to ask again harms nothing.
 */
public interface Init extends AutoCloseable {
    /** After which a job whose result nobody knows ends as {@link JobResult#UNKNOWN}. */
    Duration JOB_LIMIT = Duration.ofMinutes(10);

    // Files

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

    /** The files that {@link #write} put there and that are still there, drop-ins too, by name. */
    List<OwnFile> own(UnitDirectory directory) throws IOException;

    /**
     * Reads all unit files again (systemd's daemon-reload): those that were there when this was
     * called. Costs in proportion to all that runs: once for many files, not once for each.
     */
    CompletableFuture<Void> reload();

    /** Makes a unit start at boot, by its [Install] section; without one nothing happens. */
    void enable(String name, UnitDirectory directory) throws IOException;

    /**
     * Removes the links that {@link #enable} made; the unit's file stays, and what runs runs on.
     */
    void disable(String name, UnitDirectory directory) throws IOException;

    /** Forbids a unit, at once: it can't be started until unmasked. */
    void mask(String name, UnitDirectory directory) throws IOException;

    void unmask(String name, UnitDirectory directory) throws IOException;

    /**
     * Sets properties of a unit that runs, by the names of unit files ({@code MemoryMax=}), until
     * its file is removed or the machine boots.
     *
     * @throws IOException also when this init can't set one of them while the unit runs
     */
    void set(String name, Map<String, String> properties) throws IOException;

    // Jobs

    /**
     * Runs one job on one unit, mode "replace": an older job of the unit that waits is dropped. The
     * result only ends the waiting: what became of the unit its state says, read afterwards. It
     * comes within {@link #JOB_LIMIT}, as UNKNOWN if nobody knows; the job may go on even then.
     */
    CompletableFuture<JobResult> job(JobVerb verb, String name);

    /**
     * Ends all processes of a unit with SIGKILL; does not wait. Whether the unit stops is another
     * matter: it may have {@code Restart=}. Without processes nothing happens.
     */
    void kill(String name) throws IOException;

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

    /** Clears a unit's "failed" state and its start-rate counter; without them nothing happens. */
    void resetFailed(String name) throws IOException;

    // States

    /** The state of each unit named: of each at one moment, and all about now. */
    Map<String, UnitState> states(Collection<String> names) throws IOException;

    /**
     * Every unit loaded just now. A main PID and a result are only in {@link #states} and {@link
     * #show} for sure.
     */
    List<UnitState> list() throws IOException;

    /** All about one unit, as costs an init more than its state. */
    UnitDetail show(String name) throws IOException;

    /**
     * Says that something about these units changed, until closed: look. What comes together is
     * said together; a state that did not last may never be seen. Calls are one after the other, on
     * a thread of the init's: be quick, and don't ask the init in them. After the init could not be
     * heard for a while all units are named that may have changed meanwhile.
     */
    Registration subscribe(Consumer<Set<String>> listener);

    /**
     * The unit's text as systemctl status prints it: state, main PID, the last lines of its log.
     */
    String status(String name) throws IOException;

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

    /** systemd's job results (org.freedesktop.systemd1(5), JobRemoved), and two of our own. */
    enum JobResult {
        DONE,
        FAILED,
        /** The job's own limit of time is over ({@code JobTimeoutSec=}): the unit may go on. */
        TIMEOUT,
        CANCELED,
        DEPENDENCY,
        SKIPPED,
        /** An {@code Assert...=} does not hold. */
        ASSERT,
        /** Units of this type can't be had on this host. */
        UNSUPPORTED,
        /** The unit was dropped before the job could run. */
        COLLECTED,
        /** The unit runs once a boot, and has. */
        ONCE,
        /**
         * There is no such unit, or its file is bad; the unit's status says which. Our own word.
         */
        NOT_LOADED,
        /** The init could not be heard, or said nothing for too long. Our own word. */
        UNKNOWN
    }
}
