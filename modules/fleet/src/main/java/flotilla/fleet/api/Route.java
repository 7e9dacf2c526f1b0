package flotilla.fleet.api;

import flotilla.trust.authority.Right;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything that the API can be asked, and the right that it takes to ask. */
public enum Route {
    METRICS("GET", "/metrics", Right.READ),
    HEALTH("GET", "/health", Right.MACHINE),

    LIST_UNITS("GET", "/fleet/v1/units", Right.READ),
    GET_UNIT("GET", "/fleet/v1/units/{name}", Right.READ),
    PUT_UNIT("PUT", "/fleet/v1/units/{name}", Right.OPERATE),
    DELETE_UNIT("DELETE", "/fleet/v1/units/{name}", Right.OPERATE),
    LIST_STATES("GET", "/fleet/v1/state", Right.READ),
    GET_STATE("GET", "/fleet/v1/state/{name}", Right.READ),
    LIST_MACHINES("GET", "/fleet/v1/machines", Right.MACHINE),
    PATCH_MACHINES("PATCH", "/fleet/v1/machines", Right.OPERATE),
    DISCOVERY("GET", "/fleet/v1/discovery", Right.READ),

    OWN_UNITS("GET", "/flotilla/v1/units", Right.READ),
    OWN_UNIT("GET", "/flotilla/v1/units/{name}", Right.READ),
    PROGRESS("GET", "/flotilla/v1/units/{name}/progress", Right.READ),
    STATUS("GET", "/flotilla/v1/units/{name}/status", Right.READ),
    WHY("GET", "/flotilla/v1/units/{name}/why", Right.READ),
    JOURNAL("GET", "/flotilla/v1/units/{name}/journal", Right.READ),
    UNIT_HISTORY("GET", "/flotilla/v1/units/{name}/history", Right.READ),
    OWN_MACHINES("GET", "/flotilla/v1/machines", Right.MACHINE),
    MACHINE_UNITS("GET", "/flotilla/v1/machines/{name}/units", Right.READ),
    PUT_ELIGIBILITY("PUT", "/flotilla/v1/machines/{name}/eligibility", Right.OPERATE),
    OWN_STATES("GET", "/flotilla/v1/state", Right.READ),
    EVENTS("GET", "/flotilla/v1/events", Right.READ),
    HISTORY("GET", "/flotilla/v1/history", Right.READ),
    GET_DEFAULTS("GET", "/flotilla/v1/defaults", Right.READ),
    PUT_DEFAULTS("PUT", "/flotilla/v1/defaults", Right.OPERATE),
    RESTART("POST", "/flotilla/v1/restart", Right.OPERATE),
    PLAN("POST", "/flotilla/v1/plan", Right.READ),
    LIST_ROLLOUTS("GET", "/flotilla/v1/rollouts", Right.READ),
    GET_ROLLOUT("GET", "/flotilla/v1/rollouts/{name}", Right.READ),
    POST_ROLLOUT("POST", "/flotilla/v1/rollouts", Right.OPERATE),
    STEER_ROLLOUT("POST", "/flotilla/v1/rollouts/{name}", Right.OPERATE),

    LIST_IMAGES("GET", "/flotilla/v1/images", Right.READ),
    PUSH_IMAGE("POST", "/flotilla/v1/images", Right.OPERATE),
    REMOVE_IMAGE("DELETE", "/flotilla/v1/images", Right.OPERATE),
    COPY_IMAGE("POST", "/flotilla/v1/images/copy", Right.MACHINE),
    PUT_BLOB("PUT", "/flotilla/v1/blobs/{name}", Right.OPERATE),
    GET_BLOB("GET", "/flotilla/v1/blobs/{name}", Right.MACHINE),

    LIST_TOKENS("GET", "/flotilla/v1/trust/tokens", Right.ADMIN),
    MAKE_TOKEN("POST", "/flotilla/v1/trust/tokens", Right.ADMIN),
    REVOKE_TOKEN("DELETE", "/flotilla/v1/trust/tokens/{name}", Right.ADMIN),
    LIST_ADMITTED("GET", "/flotilla/v1/trust/machines", Right.READ),
    PUT_OUT("DELETE", "/flotilla/v1/trust/machines/{name}", Right.ADMIN),
    MAKE_OPERATOR("POST", "/flotilla/v1/trust/operators", Right.ADMIN),
    AUTHORITY("POST", "/flotilla/v1/trust/authority", Right.MACHINE),
    STORE("GET", "/flotilla/v1/trust/store", Right.MACHINE),
    JOIN_STORE("POST", "/flotilla/v1/trust/store", Right.MACHINE),
    STORE_VOTE("POST", "/flotilla/v1/trust/store/vote", Right.MACHINE);

    /**
     * The header in which a machine that hands a question on says who asked it: somebody whose
     * right covers the route, as that machine has seen to. What has it is handed on no further.
     */
    public static final String ASKED_BY = "Asked-By";

    private final String method;
    private final String pattern;
    private final Right right;

    Route(String method, String pattern, Right right) {
        this.method = method;
        this.pattern = pattern;
        this.right = right;
    }

    public String method() {
        return method;
    }

    /** Where a segment {@code {name}} stands for any one. */
    public String pattern() {
        return pattern;
    }

    /** The least right of who may ask. */
    public Right right() {
        return right;
    }

    /** Whether who asks changes something, or has something made that counts. */
    public boolean changes() {
        // Blobs are nothing until an image is made of them.
        return !method.equals("GET") && this != PLAN && this != PUT_BLOB;
    }

    /** Whether only a certain machine can answer, and others hand it on to that one. */
    public boolean isHandedOn() {
        return this == STATUS || this == JOURNAL;
    }

    /**
     * What was asked.
     *
     * @param name what stood for {@code {name}}; empty where there is none
     */
    public record Asked(Route route, String name) {}

    private static final Map<Integer, List<Pattern>> BY_LENGTH =
            Arrays.stream(values())
                    .map(route -> new Pattern(route, segments(route.pattern)))
                    .collect(Collectors.groupingBy(pattern -> pattern.segments().size()));

    private record Pattern(Route route, List<String> segments) {
        Optional<Asked> match(String asked, List<String> path) {
            boolean looks = asked.equals("HEAD") && segments.size() == 1;
            if (!route.method.equals(looks ? "GET" : asked)) {
                return Optional.empty();
            }
            String name = "";
            for (int i = 0; i < segments.size(); i++) {
                if (segments.get(i).equals("{name}")) {
                    name = path.get(i);
                } else if (!segments.get(i).equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Asked(route, name));
        }
    }

    /**
     * @param path decoded; the original's older {@code /v1-alpha} is its {@code /fleet/v1}
     */
    public static Optional<Asked> of(String method, String path) {
        List<String> segments = segments(path);
        return BY_LENGTH.getOrDefault(segments.size(), List.of()).stream()
                .flatMap(pattern -> pattern.match(method, segments).stream())
                .findFirst();
    }

    static List<String> segments(String path) {
        List<String> segments = Arrays.stream(path.substring(1).split("/")).toList();
        if (segments.isEmpty()) {
            return List.of("");
        }
        return segments.getFirst().equals("v1-alpha")
                ? Stream.concat(Stream.of("fleet", "v1"), segments.stream().skip(1))
                        .collect(Collectors.toCollection(ArrayList::new))
                : segments;
    }
}
