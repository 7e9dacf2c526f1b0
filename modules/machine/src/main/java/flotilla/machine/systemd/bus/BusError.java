package flotilla.machine.systemd.bus;

import java.io.IOException;

/** What systemd, or the bus, answered instead. */
public final class BusError extends IOException {
    private static final long serialVersionUID = 1;
    private static final String SYSTEMD = "org.freedesktop.systemd1.";

    private final String name;

    BusError(String attempt, String name, String message, Throwable cause) {
        super(attempt + ": " + (message.isEmpty() ? name : message), cause);
        this.name = name;
    }

    /** Whether it is systemd's error of one of these names, such as {@code NoSuchUnit}. */
    public boolean isSystemds(String... names) {
        for (String one : names) {
            if (name.equals(SYSTEMD + one)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody knows if what was asked was done. */
    public boolean isUnknown() {
        return name.isEmpty()
                || name.endsWith(".NoReply")
                || name.endsWith(".Disconnected")
                || name.endsWith(".NotConnected")
                || name.endsWith(".Timeout");
    }
}
