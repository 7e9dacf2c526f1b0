package flotilla.units;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * A valid unit name: {@code prefix[@[instance]].suffix} (systemd.unit(5), with fleet's narrower
 * limits).
 *
 * @param full the whole name, such as {@code api@1.service}
 */
public record UnitName(String full) {
    /** systemd's UNIT_NAME_MAX, in characters. */
    public static final int LENGTH_MAX = 256;

    private static final Set<String> SUFFIXES =
            Set.of(
                    "automount",
                    "busname",
                    "device",
                    "mount",
                    "path",
                    "scope",
                    "service",
                    "slice",
                    "snapshot",
                    "socket",
                    "swap",
                    "target",
                    "timer");
    private static final Set<String> TEMPLATE_SUFFIXES =
            Set.of("path", "service", "socket", "target", "timer");

    public UnitName {
        Optional<String> problem = problem(full);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        }
    }

    /** As a person types it: a name without a known suffix is a service. */
    public static UnitName of(String typed) {
        return new UnitName(withSuffix(typed));
    }

    /** The name itself, or with {@code .service} where it has no known suffix. */
    public static String withSuffix(String typed) {
        return SUFFIXES.contains(suffixOf(typed)) ? typed : typed + ".service";
    }

    /** Why this is no unit name, in words for the one who gave it. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("unit name cannot be empty");
        }
        if (name.length() > LENGTH_MAX) {
            return Optional.of("unit name exceeds maximum length (" + LENGTH_MAX + ")");
        }
        for (int i = 0; i < name.length(); i++) {
            if (!isNameCharacter(name.charAt(i))) {
                return Optional.of("invalid character '" + name.charAt(i) + "' in unit name");
            }
        }
        if (name.startsWith("@")) {
            return Optional.of("unit name cannot start with '@'");
        }
        if (name.startsWith(".")) {
            return Optional.of(
                    "unit name '" + name + "' cannot start with '.', as hidden files do");
        }
        String suffix = suffixOf(name);
        Set<String> allowed = name.indexOf('@') < 0 ? SUFFIXES : TEMPLATE_SUFFIXES;
        if (!allowed.contains(suffix) || name.length() == suffix.length() + 1) {
            return Optional.of("invalid unit type '" + suffix + "' in unit name '" + name + "'");
        }
        return Optional.empty();
    }

    /** The type: what follows the last dot. */
    public String suffix() {
        return suffixOf(full);
    }

    /** The name without its suffix. */
    public String stem() {
        return full.substring(0, full.lastIndexOf('.'));
    }

    /** What precedes the first {@code @}, or the stem where there is none. */
    public String prefix() {
        int mark = full.indexOf('@');
        return mark < 0 ? stem() : full.substring(0, mark);
    }

    /** What stands between the first {@code @} and the last dot; empty for other names. */
    public String instance() {
        int mark = full.indexOf('@');
        int dot = full.lastIndexOf('.');
        return mark < 0 || mark > dot ? "" : full.substring(mark + 1, dot);
    }

    public boolean isTemplate() {
        return full.indexOf('@') >= 0 && instance().isEmpty();
    }

    public boolean isInstance() {
        return !instance().isEmpty();
    }

    /** The template an instance is made from: {@code api@.service} for {@code api@1.service}. */
    public Optional<UnitName> template() {
        return isInstance()
                ? Optional.of(new UnitName(prefix() + "@." + suffix()))
                : Optional.empty();
    }

    public UnitName instance(String instance) {
        return new UnitName(prefix() + "@" + instance + "." + suffix());
    }

    /** systemd-escape(1): {@code /} becomes {@code -}, other special bytes {@code \xNN}. */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c == '/') {
                out.append('-');
            } else if (isPlain(c) && !(c == '.' && i == 0)) {
                out.append(c);
            } else {
                out.append("\\x").append(String.format("%02x", (int) c));
            }
        }
        return out.toString();
    }

    /** The reverse of {@link #escape}; what is no escape stays as it is. */
    public static String unescape(String text) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '-') {
                out.write('/');
            } else if (text.startsWith("\\x", i) && i + 4 <= text.length()) {
                int value = hex(text.charAt(i + 2)) * 16 + hex(text.charAt(i + 3));
                if (value >= 0) {
                    out.write(value);
                    i += 3;
                } else {
                    out.write(c);
                }
            } else {
                out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return full;
    }

    private static int hex(char c) {
        int digit = Character.digit(c, 16);
        return digit < 0 ? -1000 : digit;
    }

    private static boolean isPlain(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == ':' || c == '_' || c == '.');
    }

    private static boolean isNameCharacter(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || ":-_.\\@".indexOf(c) >= 0);
    }

    private static String suffixOf(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
