package flotilla.cli.command;

/** Runs another command, for one whose work ends in it: {@code up} ends with a list. */
@FunctionalInterface
public interface CommandRunner {
    /** The class whose main runs a command line: for a JVM of its own. */
    String MAIN_CLASS = "flotilla.cli.Flotilla";

    /** Blocks until it is done and returns its exit code; it has said what there is to say. */
    int run(String... words);
}
