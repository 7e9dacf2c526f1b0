package flotilla.machine.embedded;

import flotilla.machine.embedded.BuiltinProgram.Running;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One run of a builtin program, on threads of its own. */
final class BuiltinRun {
    private final String name;
    private final Consumer<String> log;
    private final Listener listener;
    private final Thread starter;
    private @Nullable Running running;
    private boolean stopAsked;
    private boolean ended;

    /**
     * Who is told of the run, on its threads.
     *
     * @param onReady when start has returned
     * @param onExit with the exit code, once
     */
    record Listener(Runnable onReady, IntConsumer onExit) {}

    BuiltinRun(String name, BuiltinProgram program, BuiltinContext context, Listener listener) {
        this.name = name;
        this.log = context.log();
        this.listener = listener;
        this.starter =
                Thread.ofPlatform()
                        .daemon()
                        .name("builtin " + name)
                        .unstarted(() -> run(program, context));
    }

    void begin() {
        starter.start();
    }

    private void run(BuiltinProgram program, BuiltinContext context) {
        Running started;
        try {
            started = program.start(context);
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            boolean asked;
            synchronized (this) {
                asked = stopAsked;
            }
            log.accept(asked ? "stopped while starting" : "failed to start: " + chain(e));
            end(asked ? 0 : 1);
            return;
        }
        boolean stopNow;
        synchronized (this) {
            running = started;
            stopNow = stopAsked;
        }
        var _ =
                started.exited()
                        .whenComplete((code, error) -> {
                            if (error != null) {
                                log.accept("ended with " + chain(error));
                            }
                            end(error != null || code == null ? 1 : code);
                        });
        if (stopNow) {
            started.stop();
        } else {
            listener.onReady().run();
        }
    }

    /** Asks the program to end; does not block. */
    synchronized void stop() {
        boolean again = stopAsked;
        stopAsked = true;
        Running program = running;
        if (program == null) {
            starter.interrupt();
        } else if (!again) {
            Thread.ofPlatform().daemon().name("stop " + name).start(program::stop);
        }
    }

    /** Gives up on a program that does not end: threads can't be killed. */
    void abandon() {
        stop();
        log.accept("does not end; it is left to itself inside the machine's process");
        end(137);
    }

    private void end(int code) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        listener.onExit().accept(code);
    }

    private static String chain(Throwable error) {
        StringBuilder text = new StringBuilder(error.toString());
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            text.append(": ").append(cause);
        }
        return text.toString();
    }
}
