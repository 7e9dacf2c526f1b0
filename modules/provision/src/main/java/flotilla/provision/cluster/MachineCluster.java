package flotilla.provision.cluster;

import flotilla.platform.tls.TlsFiles;
import flotilla.provision.Machine;
import flotilla.provision.ProvisionException;
import flotilla.provision.machine.BootStatus;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * The machines of this host's cluster, whatever they are made of. One command at a time changes it;
 * looking is free. What can't be done is a {@link ProvisionException}: what is in the way, and what
 * to do about it.
 */
public interface MachineCluster {
    /**
     * What is known of one machine without asking it.
     *
     * @param pid 0 when it is down
     */
    record Listed(Machine machine, long pid, BootStatus boot) {}

    /** What its machines boot from; empty when there is no cluster yet. */
    Optional<ClusterUserData> userData();

    /** Whether its machines have fleet; a user-data may start the store alone. */
    default boolean startsFleet() {
        return userData().filter(ClusterUserData::startsFleet).isPresent();
    }

    /**
     * Makes the cluster when there is none, boots every machine that is down or did not boot to its
     * end, and waits until all serve. Whatever an earlier {@code up} had done is kept.
     *
     * @param machines how many; empty: as many as there are, 3 for a new cluster
     * @param userData asked for a new cluster only; where its machines find each other by a token
     *     its discovery URL is replaced by that of a new one
     */
    void up(OptionalInt machines, Supplier<String> userData) throws InterruptedException;

    /** Stops everything; with {@code purge} removes it too. Harmless when there is nothing. */
    void down(boolean purge) throws InterruptedException;

    /** Takes a machine's power away. */
    void kill(String machine) throws InterruptedException;

    /** Shuts a machine down in order. */
    void stop(String machine) throws InterruptedException;

    /** Returns when the machine has begun to boot. */
    void boot(String machine) throws InterruptedException;

    /**
     * Makes one more machine and boots it; its member of the store gets a vote when it has what the
     * others have. Blocks until then. An interrupted call is finished by the next, or by {@link
     * #up}.
     *
     * @return its name
     */
    String add() throws InterruptedException;

    /**
     * Takes a machine away for good, its member of the store with it, and all its files. Its units
     * are not moved first: they come to others when it is gone. Nothing is done when the store
     * would lose its majority.
     */
    void remove(String machine) throws InterruptedException;

    /** Waits until a machine has finished its boot, for which the store needs a majority. */
    void awaitBooted(String machine) throws InterruptedException;

    List<Listed> machines();

    /** What is shown to members of its store; they speak plainly where that is nothing. */
    default TlsFiles storeTls() {
        return TlsFiles.NONE;
    }

    /** fleet's API of a machine that is up, one that has booted before others. */
    Optional<URI> endpoint();

    /** fleet's API of one machine; empty when it is down, or not of this cluster. */
    Optional<URI> socketOf(String machineId);

    /** The end of what a machine said, for a person who asks why it does not run. */
    String lastWords(String machine);
}
