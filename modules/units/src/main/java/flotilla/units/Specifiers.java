package flotilla.units;

import java.util.HashMap;
import java.util.Map;

/**
 * The {@code %x} specifiers of systemd.unit(5) for one unit on one host. An unknown specifier stays
 * as it is written, {@code %%} is one percent sign.
 */
public final class Specifiers {
    private final Map<Character, String> values;

    /** Of the values, in characters. */
    private final int longest;

    private Specifiers(Map<Character, String> values) {
        this.values = Map.copyOf(values);
        this.longest = values.values().stream().mapToInt(String::length).max().orElse(0);
    }

    /** fleet's four, which are all that it expands in [X-Fleet]: {@code %n %N %p %i}. */
    public static Specifiers fleet(UnitName name) {
        return new Specifiers(
                Map.of(
                        'n',
                        name.full(),
                        'N',
                        name.stem(),
                        'p',
                        name.prefix(),
                        'i',
                        name.instance()));
    }

    /**
     * All that a unit's name says, and what the host says beside it.
     *
     * @param host values of the specifiers that depend on the host, such as {@code m} (machine id),
     *     {@code b} (boot id), {@code H} (host name), {@code t} (runtime directory)
     */
    public static Specifiers of(UnitName name, Map<Character, String> host) {
        Map<Character, String> all = new HashMap<>(host);
        String prefix = name.prefix();
        all.put('n', name.full());
        all.put('N', name.stem());
        all.put('p', prefix);
        all.put('P', UnitName.unescape(prefix));
        all.put('i', name.instance());
        all.put('I', UnitName.unescape(name.instance()));
        all.put('j', prefix.substring(prefix.lastIndexOf('-') + 1));
        all.put('J', UnitName.unescape(prefix.substring(prefix.lastIndexOf('-') + 1)));
        String path = UnitName.unescape(name.isInstance() ? name.instance() : prefix);
        all.put('f', path.startsWith("/") ? path : "/" + path);
        all.put('%', "%");
        return new Specifiers(all);
    }

    /**
     * How long a text is at most with its specifiers in place, in characters. A backslash may stand
     * for a percent sign ({@code \\x25}).
     */
    public long lengthMax(String text) {
        return text.length() + text.chars().filter(c -> c == '%' || c == '\\').count() * longest;
    }

    public String expand(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String value =
                    c == '%' && i + 1 < text.length() ? values.get(text.charAt(i + 1)) : null;
            if (value == null) {
                out.append(c);
                if (c == '%' && i + 1 < text.length()) {
                    out.append(text.charAt(++i));
                }
            } else {
                out.append(value);
                i++;
            }
        }
        return out.toString();
    }
}
