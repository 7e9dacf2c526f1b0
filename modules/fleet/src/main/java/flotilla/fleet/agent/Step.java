package flotilla.fleet.agent;

/** One thing to do to this machine's init, and why. */
public sealed interface Step {
    String reason();

    /** Stop a unit, wait until it has stopped, then remove its file. */
    record Unload(String unit, String reason) implements Step {}

    /** Write a unit's file. */
    record Load(String unit, String hash, long generation, String reason) implements Step {}

    /** Have the init read all files again; once after all that were written. */
    record Reload(String reason) implements Step {}

    record Stop(String unit, long generation, String reason) implements Step {}

    record Start(String unit, long generation, String reason) implements Step {}

    /** Stop it if it runs, and start it. */
    record Restart(String unit, long generation, String reason) implements Step {}
}
