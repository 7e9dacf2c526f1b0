package flotilla.cli.service;

import com.sun.management.OperatingSystemMXBean;
import flotilla.machine.HostFacts;
import flotilla.machine.WayOut;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this host is and has, from its files and its kernel, where no systemd tells it. */
public final class ThisMachine {
    private static final Path ID = Path.of("/etc/machine-id");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAME = Path.of("/proc/sys/kernel/hostname");

    private ThisMachine() {}

    /**
     * @throws IOException when it has no id of its own, by which the cluster would know it
     */
    public static HostFacts facts() throws IOException {
        OperatingSystemMXBean host =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new HostFacts(
                id(),
                line(BOOT),
                line(NAME),
                WayOut.address(),
                host.getTotalMemorySize(),
                host.getAvailableProcessors() * 1000L);
    }

    private static String id() throws IOException {
        String id = Files.exists(ID) ? line(ID) : "";
        if (id.matches("[0-9a-f]{32}")) {
            return id;
        }
        throw new IOException(
                ID + " holds no id of this machine: systemd-machine-id-setup makes one");
    }

    private static String line(Path file) throws IOException {
        return Files.readString(file).strip();
    }
}
