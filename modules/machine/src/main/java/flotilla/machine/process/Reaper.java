package flotilla.machine.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that ends what a machine leaves behind when its own process is killed, at once. It is a
 * shell that waits for the end of a pipe whose other end only the machine holds, and kills then,
 * again and again until none is left: whatever carries the mark of this run of the machine, and
 * whatever is in a session that the machine told it of. Sessions are how it finds what has cleared
 * its environment; one such that made a session of its own is missed while it is younger than the
 * last look at the process table. The mark is the run's, so that a machine which is booted again
 * meanwhile is safe.
 *
 * <p>It stands in a session of its own and ignores the signals that ask, holds no file but its pipe
 * and is given no unit's. Only for one thread.
 */
public final class Reaper implements AutoCloseable {
    /** The mark of all processes of one run of a machine. */
    public static final String RUN_MARK = "FLOTILLA_INIT";

    private static final Timer NO_TIMER = new Timer(0, "", "");

    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    /**
     * Its argument is the mark. Each line holds all there is to know, instead of the line before:
     * all the sessions, its own among them, for it is the machine's child; then, after so many
     * seconds, which invocations (systemd.exec(5)) and sessions are to end, or {@code -}. A process
     * that becomes another program has no environment for a moment, hence the three looks; some
     * hundred rounds are enough for a process that the kernel is slow to take away.
     */
    private static final String SCRIPT =
            """
            trap '' HUP INT QUIT TERM
            exec 2>/dev/null
            run=$1
            sessions=
            timer=
            end() {
              mark=$1
              mine=$2
              unseen=0
              round=0
              while [ $unseen -lt 3 ] && [ $round -lt 400 ]; do
                found=
                for file in $(grep -lzsxFe "$mark" /proc/[0-9]*/environ); do
                  pid=${file#/proc/}
                  found="$found ${pid%/environ}"
                done
                for file in /proc/[0-9]*/stat; do
                  [ -n "$mine" ] && read -r stat <"$file" || continue
                  set -- ${stat##*) }
                  case $1 in Z | X) continue ;; esac
                  [ "$4" != $$ ] || continue
                  case ",$mine," in *",$4,"*)
                    pid=${file#/proc/}
                    found="$found ${pid%/stat}" ;;
                  esac
                done
                if [ -n "$found" ]; then
                  kill -9 $found
                  unseen=0
                else
                  unseen=$((unseen + 1))
                fi
                round=$((round + 1))
                sleep 0.03
              done
            }
            while read -r all delay marks guarded; do
              sessions=${all#-}
              [ -z "$timer" ] || kill -USR1 $timer
              timer=
              [ "$delay" != - ] || continue
              (
                trap 'kill -9 $sleeping; exit' USR1
                sleep "$delay" &
                sleeping=$!
                marks=$(IFS=,; printf 'INVOCATION_ID=%s\n' $marks)
                wait $sleeping && kill -0 $$ && end "$marks" "${guarded#-}"
              ) &
              timer=$!
            done
            exec </dev/null
            [ -z "$timer" ] || kill -USR1 $timer
            end "$run" "$sessions"
            """;

    private final String run = UUID.randomUUID().toString().replace("-", "");
    private final BlockingQueue<String> untold = new ArrayBlockingQueue<>(1);
    private final Set<Long> sessions = new TreeSet<>();
    private final Thread teller = Thread.ofPlatform().daemon().name("reaper").unstarted(this::tell);
    private Timer timer = NO_TIMER;
    private Timer toldTimer = NO_TIMER;
    private @Nullable Process process;

    private record Timer(long atNanos, String invocations, String sessions) {
        /** As the script reads it. */
        String words(long nowNanos) {
            double seconds = Math.max(0, atNanos - nowNanos) / 1e9;
            return invocations.isEmpty()
                    ? "-"
                    : String.format(Locale.ROOT, "%.3f %s %s", seconds, invocations, sessions);
        }
    }

    private Reaper() {}

    /** One that can't be started is missed with a word: all else works without it. */
    public static Reaper start() {
        Reaper reaper = new Reaper();
        reaper.launch();
        reaper.teller.start();
        return reaper;
    }

    /** What {@link #RUN_MARK} must be in the environment of each process of the machine. */
    public String run() {
        return run;
    }

    /** A process was started in a session of its own, whose number is the process'. */
    public void started(long pid) {
        if (sessions.add(pid)) {
            offer();
        }
    }

    /** These are all the sessions there are; starts another process if somebody killed it. */
    public void remember(Set<Long> all) {
        if (!isAlive()) {
            LOG.warn("the process that ends what this machine would leave has gone; starting it");
            launch();
            sessions.clear();
        }
        if (!sessions.equals(all)) {
            sessions.clear();
            sessions.addAll(all);
            offer();
        }
    }

    private synchronized boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    private void offer() {
        toldTimer = timer;
        untold.clear();
        var _ = untold.offer(joined(sessions) + " " + timer.words(System.nanoTime()));
    }

    private static String joined(Set<Long> numbers) {
        return numbers.isEmpty()
                ? "-"
                : numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private synchronized void launch() {
        List<String> command = new ArrayList<>();
        Optional.of("setsid")
                .flatMap(Spawner::find)
                .ifPresent(setsid -> command.add(setsid.toString()));
        command.addAll(List.of("/bin/sh", "-c", SCRIPT, "flotilla-reaper", RUN_MARK + "=" + run));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", Spawner.PATH, "LC_ALL", "C"));
        builder.directory(new java.io.File("/"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            process = builder.start();
        } catch (IOException e) {
            LOG.warn(
                    "starting /bin/sh as reaper: {}; if this machine is killed its processes end"
                            + " only when it boots again",
                    e.getMessage());
        }
    }

    /** On a thread of its own: a shell that somebody stopped must not stop the machine. */
    private void tell() {
        while (true) {
            try {
                String line = untold.take() + "\n";
                OutputStream pipe;
                synchronized (this) {
                    pipe =
                            process == null
                                    ? OutputStream.nullOutputStream()
                                    : process.getOutputStream();
                }
                pipe.write(line.getBytes(StandardCharsets.US_ASCII));
                pipe.flush();
            } catch (IOException ended) {
                LOG.debug("the reaper has ended; another one is started with the next look", ended);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /**
     * Has units end after that time if it is not told of another one before, whatever becomes of
     * the machine's process.
     *
     * @param invocations of those units
     * @param theirs the sessions of those units
     */
    public void endAfter(Duration time, List<String> invocations, Set<Long> theirs) {
        timer =
                invocations.isEmpty()
                        ? NO_TIMER
                        : new Timer(
                                System.nanoTime() + time.toNanos(),
                                String.join(",", invocations),
                                joined(theirs));
        if (!timer.equals(toldTimer)) {
            offer();
        }
    }

    /** Ends it: the machine has gone down in order, and taken its processes along. */
    @Override
    public synchronized void close() {
        teller.interrupt();
        Process running = process;
        if (running != null) {
            List<ProcessHandle> timers = running.descendants().toList();
            running.destroyForcibly();
            timers.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
