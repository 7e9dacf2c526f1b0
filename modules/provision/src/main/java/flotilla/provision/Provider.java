package flotilla.provision;

import java.util.List;

/**
 * Where machines come from. All calls block until what they promise is so, honour interruption, and
 * may be repeated: each brings the machines to the state it names, whatever they were in before.
 *
 * <p>Only what every kind of machine can do is here. Cutting and healing a network belongs to the
 * providers that have one of their own.
 */
public interface Provider {
    /**
     * Makes the machines {@code core-01}, {@code core-02}, ... with this user-data and boots them.
     * On return each has an address and has begun to boot; it may not serve yet. Machines that
     * exist are booted when down, with the data they had; they keep their first user-data.
     *
     * @param machines how many in all, 1 or more
     * @param userData a cloud-config, its discovery URL already a real one
     * @throws ProvisionException what went wrong and what to do; what was made so far stays, and
     *     the same call goes on from there
     */
    List<Machine> create(int machines, String userData) throws InterruptedException;

    /** The machines there are, up or not, by name. */
    List<Machine> machines();

    /** Takes the power away: no farewell to anybody. Nothing of the machine runs on return. */
    void kill(String machine) throws InterruptedException;

    /** Shuts the machine down as its SIGTERM would; killed when it takes too long. */
    void stop(String machine) throws InterruptedException;

    /** Starts the machine again with the data it had. One that is up is left alone. */
    void boot(String machine) throws InterruptedException;

    /** Stops every machine and removes all that was made: no process and no file stays. */
    void destroy() throws InterruptedException;
}
