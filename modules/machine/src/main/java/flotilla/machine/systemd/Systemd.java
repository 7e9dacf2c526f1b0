package flotilla.machine.systemd;

import flotilla.machine.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The ports of a host that systemd runs. */
public final class Systemd {
    private Systemd() {}

    /** Whether systemd runs this host (sd_booted(3)) and this process has root's rights over it. */
    public static boolean isOurs() {
        try {
            return Files.isDirectory(Path.of("/run/systemd/system"), LinkOption.NOFOLLOW_LINKS)
                    && Integer.valueOf(0)
                            .equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * @throws IOException when systemd can't be reached
     */
    public static Ports open(Reach reach) throws IOException {
        return new Ports(
                SystemdInit.open(reach), new SystemdJournal(reach), new SystemdHost(reach));
    }
}
