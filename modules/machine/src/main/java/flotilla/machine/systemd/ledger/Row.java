package flotilla.machine.systemd.ledger;

/**
 * One unit that systemd has in memory, as its lists say. They have no main PID and no result.
 *
 * @param job path of the job that it has now; empty for none
 */
public record Row(String name, String load, String active, String sub, String job) {
    /** Whether systemd forgets such a unit at once when nobody asks for it. */
    public boolean isAtRest() {
        return active.equals("inactive");
    }
}
