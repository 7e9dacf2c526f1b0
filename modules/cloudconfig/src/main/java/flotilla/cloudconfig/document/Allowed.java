package flotilla.cloudconfig.document;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which texts a key takes, as coreos-cloudinit checked them; the empty one counts as not given. */
enum Allowed {
    COMMAND(
            "start|stop|restart|reload|try-restart|reload-or-restart|reload-or-try-restart",
            "one of start, stop, restart, reload, try-restart, reload-or-restart, reload-or-try-restart"),
    ENCODING(
            "base64|b64|gz|gzip|gz\\+base64|gzip\\+base64|gz\\+b64|gzip\\+b64",
            "one of " + String.join(", ", Encoding.NAMES)),
    PERMISSIONS("0?[0-7]{3,4}", "an octal mode such as 0644"),
    REBOOT_STRATEGY(
            "best-effort|etcd-lock|reboot|off", "one of best-effort, etcd-lock, reboot, off"),
    PROXY("on|off|readonly", "one of on, off, readonly"),
    WINDOW_START(
            "((?i:sun|mon|tue|wed|thu|fri|sat) )?0*([0-9]|1[0-9]|2[0-3]):0*([0-9]|[1-5][0-9])",
            "a time such as 14:00 or Thu 23:00"),
    WINDOW_LENGTH("", "a duration such as 1h or 30m") {
        @Override
        boolean matches(String text) {
            return isDuration(text);
        }
    },
    /** The original took any text here and failed when it was applied. */
    ETC_HOSTS(".*+", "localhost");

    /** One number and unit of a duration. Not repeated in the pattern: that would backtrack. */
    private static final Pattern SPAN = Pattern.compile("[0-9]*+(\\.[0-9]*+)?+[a-z]++");

    private final Pattern pattern;
    private final String words;

    Allowed(String pattern, String words) {
        this.pattern = Pattern.compile(pattern, Pattern.DOTALL);
        this.words = words;
    }

    /** Whether the original took it. */
    boolean takes(String text) {
        return text.isEmpty() || matches(text);
    }

    boolean matches(String text) {
        return pattern.matcher(text).matches();
    }

    /** For a message: give ... */
    String words() {
        return words;
    }

    private static boolean isDuration(String text) {
        int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        Matcher span = SPAN.matcher(text).region(start, text.length());
        boolean some = false;
        while (span.regionStart() < text.length()) {
            if (!span.lookingAt()) {
                return false;
            }
            some = true;
            span.region(span.end(), text.length());
        }
        return some;
    }
}
