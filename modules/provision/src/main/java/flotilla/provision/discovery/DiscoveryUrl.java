package flotilla.provision.discovery;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.provision.ProvisionException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The discovery URL of coreos.etcd in a user-data. Replaced in the text, so that everything else a
 * person wrote there, comments and oddities too, reaches the machines as it is.
 */
public final class DiscoveryUrl {
    /** {@code discovery: URL}, in coreos.etcd's 2014 spellings; a comment after it is kept. */
    private static final Pattern LINE =
            Pattern.compile("(?m)^([ \\t]*discovery(?:[-_]url)?:[ \\t]+)([\"']?)([^\\s\"'#]+)\\2");

    private DiscoveryUrl() {}

    /**
     * Empty when the user-data forms its cluster in another way.
     *
     * @throws ProvisionException if it has one that could not be replaced
     */
    public static Optional<String> in(String userData) {
        Optional<String> meant = meant(userData);
        boolean found =
                LINE.matcher(userData)
                        .results()
                        .anyMatch(line -> meant.equals(Optional.of(line.group(3))));
        if (meant.isPresent() && !found) {
            throw new ProvisionException(
                    "the user-data's discovery URL %s can't be replaced by this cluster's own: write \"discovery: %s\" on a line of its own below \"etcd:\""
                            .formatted(meant.get(), meant.get()));
        }
        return meant;
    }

    /** What the document says, however it is written. */
    private static Optional<String> meant(String userData) {
        Map<String, String> etcd =
                CloudConfig.read(userData, CloudConfig.Mode.LENIENT)
                        .document()
                        .map(CloudConfig::etcd)
                        .orElse(Map.of());
        return Stream.of("discovery", "discovery_url")
                .flatMap(key -> Stream.ofNullable(etcd.get(key)))
                .filter(url -> !url.isEmpty())
                .findFirst();
    }

    /** The text with another URL; lines that look like it, in a file to be written say, stay. */
    public static String replaceIn(String userData, String url) {
        Optional<String> meant = in(userData);
        return LINE.matcher(userData)
                .replaceAll(line ->
                        meant.equals(Optional.of(line.group(3)))
                                ? Matcher.quoteReplacement(
                                        line.group(1) + line.group(2) + url + line.group(2))
                                : Matcher.quoteReplacement(line.group()));
    }
}
