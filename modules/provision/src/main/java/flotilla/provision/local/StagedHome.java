package flotilla.provision.local;

import flotilla.platform.disk.Disk;
import flotilla.provision.ProvisionException;
import flotilla.provision.machine.BootStatus;
import flotilla.provision.machine.MachineProcess;
import flotilla.provision.machine.MachineSpec;
import flotilla.provision.process.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A home whose one machine seems to be a process of its own, while it runs inside this one: for
 * commands that are tried on a rehearsal's cluster and are to find it as they will find every
 * other.
 */
public final class StagedHome implements AutoCloseable {
    private static final String NAME = "core-01";

    private final LocalHome home;
    private final Process seeming;

    private StagedHome(LocalHome home, Process seeming) {
        this.home = home;
        this.seeming = seeming;
    }

    /**
     * @param machine what the machine is told about itself
     * @throws ProvisionException when the home has a cluster already
     */
    public static StagedHome open(LocalHome home, MachineSpec machine) throws IOException {
        if (ClusterFile.read(home).isPresent()) {
            throw new ProvisionException(
                    home.directory()
                            + " has a cluster: give a rehearsal a FLOTILLA_HOME of its own");
        }
        Path directory = home.machine(NAME);
        PrivateFiles.createDirectories(directory);
        PrivateFiles.replace(MachineSpec.file(directory), machine.json());
        new BootStatus(BootStatus.Phase.RUNNING, "").write(directory);
        Cluster.Member member = new Cluster.Member(NAME, machine.address(), machine.machineId());
        ClusterFile.write(home, new Cluster(Cluster.FORMAT, home.subnet(), List.of(member)));
        // It waits for the end of what it reads, and has the words that a machine's process has.
        return new StagedHome(
                home,
                new ProcessBuilder(
                                "/bin/sh",
                                "-c",
                                "read _ || exit 0",
                                MachineProcess.class.getName(),
                                directory.toString())
                        .start());
    }

    /** Nothing of it stays. */
    @Override
    public void close() throws IOException {
        seeming.destroy();
        Files.delete(home.clusterFile());
        Disk.deleteTree(home.machine(NAME));
    }
}
