package flotilla.machine.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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

    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);

    /**
     * Its argument is the mark. Each line is all the sessions, instead of the line before, its own
     * among them: it is the machine's child. A process that becomes another program has no
     * environment for a moment, hence the three looks; some hundred rounds are enough for a process
     * that the kernel is slow to take away.
     */
    private static final String SCRIPT =
            """
            trap '' HUP INT QUIT TERM
            exec 2>/dev/null
            sessions=
            while read -r line; do sessions=$line; done
            exec </dev/null
            unseen=0
            round=0
            while [ $unseen -lt 3 ] && [ $round -lt 400 ]; do
              found=
              for file in $(grep -lzsxFe "$1" /proc/[0-9]*/environ); do
                pid=${file#/proc/}
                found="$found ${pid%/environ}"
              done
              for file in /proc/[0-9]*/stat; do
                [ -n "$sessions" ] && read -r stat <"$file" || continue
                set -- "$1" ${stat##*) }
                case $2 in Z | X) continue ;; esac
                [ "$5" != $$ ] || continue
                case " $sessions " in *" $5 "*)
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
            """;

    private final String run = UUID.randomUUID().toString().replace("-", "");
    private final BlockingQueue<String> untold = new ArrayBlockingQueue<>(1);
    private final Set<Long> sessions = new TreeSet<>();
    private final Thread teller = Thread.ofPlatform().daemon().name("reaper").unstarted(this::tell);
    private @Nullable Process process;

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
        untold.clear();
        var _ =
                untold.offer(
                        sessions.stream().map(String::valueOf).collect(Collectors.joining(" ")));
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

    /** Ends it: the machine has gone down in order, and taken its processes along. */
    @Override
    public synchronized void close() {
        teller.interrupt();
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
