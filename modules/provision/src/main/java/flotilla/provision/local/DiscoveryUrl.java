package flotilla.provision.local;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The discovery URL in a user-data's text. Replaced as text, so that everything else a person wrote
 * there, comments and oddities too, reaches the machines as it is.
 */
final class DiscoveryUrl {
    /** {@code discovery: URL}, in coreos.etcd's 2014 spellings; a comment after it is kept. */
    private static final Pattern LINE =
            Pattern.compile("(?m)^(\\s*discovery(?:[-_]url)?:[ \\t]+)([\"']?)([^\\s\"'#]+)\\2");

    private DiscoveryUrl() {}

    /** The first one; empty when the user-data forms its cluster in another way. */
    static Optional<String> in(String userData) {
        Matcher line = LINE.matcher(userData);
        return line.find() ? Optional.of(line.group(3)) : Optional.empty();
    }

    static String replaceIn(String userData, String url) {
        return LINE.matcher(userData).replaceAll("$1$2" + Matcher.quoteReplacement(url) + "$2");
    }
}
