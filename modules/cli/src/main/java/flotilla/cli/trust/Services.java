package flotilla.cli.trust;

/** What a host's service manager is asked for. Each call blocks until it has answered. */
interface Services {
    void reload() throws InterruptedException;

    void enable(String unit) throws InterruptedException;

    /** Returns when the unit is up, or fails. */
    void start(String unit) throws InterruptedException;

    /** Returns at once. */
    void begin(String unit) throws InterruptedException;

    /** {@code active}, {@code activating}, {@code failed} and so on. */
    String state(String unit) throws InterruptedException;
}
