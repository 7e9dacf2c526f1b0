package flotilla.provision.local;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this host has to share out among its machines. */
final class HostShare {
    private HostShare() {}

    /** Memory in all, in bytes; the container's limit when there is one. */
    static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }
}
