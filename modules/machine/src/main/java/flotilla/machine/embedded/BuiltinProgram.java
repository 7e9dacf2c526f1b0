package flotilla.machine.embedded;

import java.util.concurrent.CompletableFuture;

/** A program that runs inside the machine's process instead of one of its own. */
@FunctionalInterface
public interface BuiltinProgram {
    /**
     * Starts it, and returns when it is ready to serve (as Type=notify tells READY=1). May block;
     * is interrupted when its unit is stopped meanwhile.
     *
     * @throws Exception when it can't start; the unit fails with exit code 1 and the message is in
     *     its journal
     */
    Running start(BuiltinContext context) throws Exception;

    /** A started program. */
    interface Running {
        /** Its exit code, once it has ended for whatever reason. */
        CompletableFuture<Integer> exited();

        /** Asks it to end, as SIGTERM would; may block, and may be called more than once. */
        void stop();
    }
}
