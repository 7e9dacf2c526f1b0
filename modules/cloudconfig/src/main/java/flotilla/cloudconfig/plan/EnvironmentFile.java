package flotilla.cloudconfig.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Merges variables into the text of /etc/environment, leaving all other lines as they are. */
public final class EnvironmentFile {
    private EnvironmentFile() {}

    /** Variables that are there are replaced in place; new ones are appended, sorted by name. */
    public static String merge(String text, Map<String, String> variables) {
        Map<String, String> left = new TreeMap<>(variables);
        List<String> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            int equals = line.indexOf('=');
            String value = equals < 0 ? null : left.remove(line.substring(0, equals));
            lines.add(value == null ? line : line.substring(0, equals + 1) + value);
        }
        left.forEach((name, value) -> lines.add(name + "=" + value));
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
