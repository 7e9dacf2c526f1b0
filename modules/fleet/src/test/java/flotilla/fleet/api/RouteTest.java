package flotilla.fleet.api;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.api.Route.Asked;
import flotilla.trust.authority.Right;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RouteTest {
    @ParameterizedTest
    @EnumSource(Route.class)
    void each_is_found_by_its_method_and_path(Route route) {
        assertThat(Route.of(route.method(), route.pattern().replace("{name}", "a.service")))
                .hasValue(new Asked(route, route.pattern().contains("{name}") ? "a.service" : ""));
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void nobody_who_may_only_look_changes_anything(Route route) {
        assertThat(Right.READ.covers(route.right()))
                .isEqualTo(
                        route.right() == Right.MACHINE
                                || (!route.changes() && !isSecret(route) && !fillsDisks(route)));
    }

    /** Changes nothing yet, and has no line of audit for each piece. */
    private static boolean fillsDisks(Route route) {
        return route == Route.PUT_BLOB;
    }

    /** The list of tokens says which could be guessed at, and who made them. */
    private static boolean isSecret(Route route) {
        return route == Route.LIST_TOKENS;
    }

    @ParameterizedTest
    @EnumSource(Route.class)
    void who_belongs_to_the_cluster_is_for_administrators_to_say(Route route) {
        boolean says =
                route.pattern().startsWith("/flotilla/v1/trust/")
                        && route.changes()
                        && route.right() != Right.MACHINE;
        assertThat(Right.OPERATE.covers(route.right())).isEqualTo(!says && !isSecret(route));
    }

    @Test
    void a_machine_may_not_even_read_units() {
        assertThat(Right.MACHINE.covers(Route.LIST_UNITS.right())).isFalse();
        assertThat(Right.MACHINE.covers(Route.JOURNAL.right())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1-alpha/units, LIST_UNITS",
        "PUT, /v1-alpha/units/a, PUT_UNIT",
        "GET, /fleet/v1/units/, LIST_UNITS",
        "HEAD, /health, HEALTH"
    })
    void older_and_longer_ways_lead_to_the_same(String method, String path, Route route) {
        assertThat(Route.of(method, path).map(Asked::route)).hasValue(route);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /fleet/v1/units",
        "GET, //",
        "GET, /",
        "GET, /fleet/v1/units/a/b",
        "get, /fleet/v1/units",
        "GET, /FLEET/v1/units",
        "DELETE, /flotilla/v1/trust/machines"
    })
    void nothing_else_is_one(String method, String path) {
        assertThat(Route.of(method, path)).isEmpty();
    }
}
