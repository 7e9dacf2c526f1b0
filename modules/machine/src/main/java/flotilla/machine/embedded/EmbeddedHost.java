package flotilla.machine.embedded;

import flotilla.machine.Host;
import flotilla.machine.HostFacts;
import java.io.IOException;

/** A machine that is a process on somebody's host: it is what it was told it is. */
public final class EmbeddedHost implements Host {
    private volatile HostFacts facts;

    public EmbeddedHost(HostFacts facts) {
        this.facts = facts;
    }

    @Override
    public HostFacts facts() {
        return facts;
    }

    @Override
    public synchronized void rename(String hostname) {
        HostFacts before = facts;
        facts =
                new HostFacts(
                        before.machineId(),
                        before.bootId(),
                        hostname,
                        before.address(),
                        before.memoryBytes(),
                        before.milliCpus());
    }

    @Override
    public boolean isStopping() {
        return false;
    }

    @Override
    public void reboot() throws IOException {
        throw new IOException(
                "a local machine can't boot itself: use flotilla machine stop and boot, from outside");
    }
}
