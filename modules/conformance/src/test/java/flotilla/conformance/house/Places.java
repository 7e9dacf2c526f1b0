package flotilla.conformance.house;

import java.util.List;
import java.util.regex.Pattern;

/** Where a file may stand. A new kind of file gets its line here, or a place that has one. */
final class Places {
    private static final List<Pattern> KNOWN =
            List.of(
                            "(README|ARCHITECTURE|STYLE|CONTRIBUTING)\\.md|LICENSE|\\.gitignore",
                            "flotilla|pom\\.xml|\\.mvn/jvm\\.config|\\.ci/run",
                            "docs/README\\.md|docs/(start|operate|reference|internals)/[a-z-]+\\.md",
                            "docs/images/[a-z-]+\\.svg",
                            "examples/[^/]+\\.(java|service|yml)",
                            "examples/containers/([^/]+\\.service|make-image)",
                            "modules/conformance/etcd-next",
                            "dist/(build-deb|copyright)",
                            "dist/(flotilla|flotilla-etcd)/(DEBIAN|etc|usr)/.+",
                            "bench/(README\\.md|pom\\.xml|run|results/[^/]+\\.md)",
                            "bench/src/(main|test)/(java|resources)/.+",
                            "modules/[a-z]+/pom\\.xml",
                            "modules/[a-z]+/src/main/(java/.+\\.java|proto/.+\\.proto|resources/.+)",
                            "modules/[a-z]+/src/test/(java/.+\\.java|resources/.+)")
                    .stream()
                    .map(Pattern::compile)
                    .toList();

    private Places() {}

    /**
     * @param name a file's path in the repository, with slashes
     */
    static boolean knows(String name) {
        return KNOWN.stream().anyMatch(place -> place.matcher(name).matches());
    }
}
