package flotilla.cloudconfig.plan;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The text of ssh's authorized_keys, made of the files in authorized_keys.d (update-ssh-keys) and
 * of what a person put into it besides, which the original lost.
 */
public final class AuthorizedKeys {
    private AuthorizedKeys() {}

    /**
     * Each line once: those of the files first, then those that came from none of them.
     *
     * @param before the texts of the files when {@code current} was made
     * @param after their texts now, in order
     * @param current authorized_keys as it is
     */
    public static String merge(
            Collection<String> before, Collection<String> after, String current) {
        Set<String> merged = lines(after);
        Set<String> byHand = lines(List.of(current));
        byHand.removeAll(lines(before));
        merged.addAll(byHand);
        return merged.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /** Of all texts; the last line of one may lack its line break. */
    private static Set<String> lines(Collection<String> texts) {
        return texts.stream()
                .flatMap(String::lines)
                .map(String::stripTrailing)
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
