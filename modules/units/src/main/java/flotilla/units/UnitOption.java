package flotilla.units;

/**
 * One assignment in a unit file.
 *
 * @param raw the value as written, continuation lines included ({@code \} and newline), trimmed;
 *     this is what fleet stores, hashes and shows
 * @param line where it starts, from 1; 0 when it came from no file
 */
public record UnitOption(String section, String name, String raw, int line) {
    public static UnitOption of(String section, String name, String raw) {
        return new UnitOption(section, name, raw, 0);
    }

    /**
     * The value as systemd reads it: continuation lines joined by a space, comment lines between
     * them dropped (systemd.syntax(7)).
     */
    public String value() {
        if (raw.indexOf('\n') < 0) {
            return raw;
        }
        StringBuilder joined = new StringBuilder();
        for (String part : raw.split("\n", -1)) {
            String start = part.stripLeading();
            boolean comment = start.startsWith("#") || start.startsWith(";");
            if (comment && !joined.isEmpty()) {
                continue;
            }
            joined.append(part.endsWith("\\") ? part.substring(0, part.length() - 1) + " " : part);
        }
        return joined.toString().strip();
    }
}
