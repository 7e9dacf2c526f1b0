package flotilla.machine.service;

/**
 * How a process ended.
 *
 * @param signalled killed by a signal, else it exited by itself
 * @param number the signal's number or the exit code
 */
public record Exit(boolean signalled, boolean dumped, int number) {
    /** systemd.exec(5): the program could not be executed. */
    public static final int EXEC = 203;

    /** systemd.exec(5): the working directory could not be entered. */
    public static final int CHDIR = 200;

    /** systemd.exec(5): the user could not be become. */
    public static final int USER = 217;

    /** systemd.exec(5): standard output could not be set up. */
    public static final int STDOUT = 209;

    public static Exit code(int code) {
        return new Exit(false, false, code);
    }

    public static Exit signal(int signal) {
        return new Exit(true, false, signal);
    }

    /** From the status word of wait(2). */
    public static Exit ofWaitStatus(int status) {
        int signal = status & 0x7f;
        return signal == 0
                ? code((status >> 8) & 0xff)
                : new Exit(true, (status & 0x80) != 0, signal);
    }

    Result asResult() {
        if (dumped) {
            return Result.CORE_DUMP;
        }
        return signalled ? Result.SIGNAL : Result.EXIT_CODE;
    }

    @Override
    public String toString() {
        return signalled
                ? "code=" + (dumped ? "dumped" : "killed") + ", signal=" + Signals.name(number)
                : "code=exited, status=" + number + (number == EXEC ? "/EXEC" : "");
    }
}
