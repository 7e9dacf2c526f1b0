package flotilla.cloudconfig.document;

import flotilla.cloudconfig.document.Problem.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that a user-data may use: {@code $private_ipv4}, {@code $public_ipv4}, {@code
 * $private_ipv6}, {@code $public_ipv6}. They are put in anywhere in the text, before it is read. A
 * backslash before the dollar keeps it as it is; there is no boundary after the name, and no form
 * with braces.
 */
public final class Variables {
    private static final Pattern USE =
            Pattern.compile("\\$(private_ipv4|public_ipv4|private_ipv6|public_ipv6)");

    private final Map<String, String> values = new LinkedHashMap<>();

    private Variables() {}

    public static Variables of(Metadata metadata) {
        Variables variables = new Variables();
        variables.values.put("private_ipv4", metadata.privateIpv4());
        variables.values.put("public_ipv4", metadata.publicIpv4());
        variables.values.put("private_ipv6", metadata.privateIpv6());
        variables.values.put("public_ipv6", metadata.publicIpv6());
        return variables;
    }

    /** The text with all variables put in; one without a value becomes nothing. */
    public String substitute(String text) {
        StringBuilder result = new StringBuilder();
        int done = 0;
        Matcher use = USE.matcher(text);
        while (use.find()) {
            boolean kept = isKept(text, use.start());
            result.append(text, done, kept ? use.start() - 1 : use.start());
            result.append(kept ? use.group() : values.getOrDefault(use.group(1), ""));
            done = use.end();
        }
        return result.append(text, done, text.length()).toString();
    }

    /** Of any number of backslashes the last one keeps the dollar, and is used up by that. */
    private static boolean isKept(String text, int dollar) {
        return dollar > 0 && text.charAt(dollar - 1) == '\\';
    }

    /** A warning for each use of a variable that has no value here. */
    public List<Problem> empty(String text) {
        List<Problem> problems = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int line = 0; line < lines.size(); line++) {
            Matcher use = USE.matcher(lines.get(line));
            while (use.find()) {
                if (!isKept(lines.get(line), use.start())
                        && values.getOrDefault(use.group(1), "").isEmpty()) {
                    problems.add(
                            new Problem(
                                    Severity.WARNING,
                                    line + 1,
                                    use.start() + 1,
                                    use.group() + " has no value on this machine"));
                }
            }
        }
        return problems;
    }

    /** As the machine's /etc/environment has them: COREOS_PRIVATE_IPV4 and so on; not the empty. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (!value.isEmpty()) {
                environment.put("COREOS_" + name.toUpperCase(java.util.Locale.ROOT), value);
            }
        });
        return environment;
    }
}
