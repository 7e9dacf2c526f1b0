package flotilla.machine;

import java.io.IOException;

/** This host itself, beside its units. Safe from any thread. */
public interface Host {
    /** What it is and has, just now. */
    HostFacts facts() throws IOException;

    /**
     * Has the running host go by this name (hostname(7)); what it is called after a boot is in
     * /etc/hostname, which this does not touch.
     */
    void rename(String hostname) throws IOException;

    /** Whether it is about to power off or to boot again; false when that can't be told. */
    boolean isStopping();

    /**
     * Stops everything in order and boots again; returns when that has begun.
     *
     * @throws IOException also when nothing inside this host can boot it
     */
    void reboot() throws IOException;
}
