package flotilla.machine.systemd.ledger;

import flotilla.machine.Init.JobResult;
import java.nio.charset.StandardCharsets;

/** How systemd's bus spells things. */
public final class Words {
    /** Before a unit's name in its object path. */
    private static final String UNIT = "/org/freedesktop/systemd1/unit/";

    private Words() {}

    /** One that is not known here says nothing. */
    static JobResult result(String word) {
        return switch (word) {
            case "done" -> JobResult.DONE;
            case "failed" -> JobResult.FAILED;
            case "timeout" -> JobResult.TIMEOUT;
            case "canceled" -> JobResult.CANCELED;
            case "dependency" -> JobResult.DEPENDENCY;
            case "skipped" -> JobResult.SKIPPED;
            case "assert" -> JobResult.ASSERT;
            case "unsupported" -> JobResult.UNSUPPORTED;
            case "collected" -> JobResult.COLLECTED;
            case "once" -> JobResult.ONCE;
            default -> JobResult.UNKNOWN;
        };
    }

    /** The name of the unit at an object path; empty for a path of something else. */
    public static String unit(String path) {
        if (!path.startsWith(UNIT)) {
            return "";
        }
        byte[] name = new byte[path.length()];
        int length = 0;
        for (int i = UNIT.length(); i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '_' && i + 2 < path.length()) {
                name[length++] = (byte) Integer.parseInt(path, i + 1, i + 3, 16);
                i += 2;
            } else {
                name[length++] = (byte) c;
            }
        }
        return new String(name, 0, length, StandardCharsets.UTF_8);
    }

    /**
     * The object path of a unit: whatever is no letter or digit is escaped (sd_bus_path_encode).
     */
    public static String path(String unit) {
        StringBuilder path = new StringBuilder(UNIT);
        byte[] bytes = unit.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean digit = c >= '0' && c <= '9';
            if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (digit && i > 0)) {
                path.append(c);
            } else {
                path.append("_%02x".formatted((int) c));
            }
        }
        return path.toString();
    }
}
