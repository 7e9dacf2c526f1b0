package flotilla.fleet.api;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From when until when, both with them; empty for no bound. */
public record Period(Optional<Instant> since, Optional<Instant> until) {
    /** All there is. */
    public static final Period ALL = new Period(Optional.empty(), Optional.empty());

    /**
     * Parameters of a URL.
     *
     * @param first what comes before the first one, if there is any
     */
    String query(String first) {
        String query =
                Stream.of(since.map(time -> "since=" + time), until.map(time -> "until=" + time))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("&"));
        return query.isEmpty() ? "" : first + query;
    }
}
