package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.platform.http.Request;
import flotilla.platform.http.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CleanPathTest {
    private static final Response SERVED = Response.empty(200);

    private final CleanPath cleanPath = new CleanPath(request -> SERVED);

    @ParameterizedTest
    @CsvSource({
        "//T, /T",
        "///T//a1, /T/a1",
        "//T/, /T/",
        "/./T, /T",
        "/x/../T, /T",
        "/../../T, /T",
        "//, /",
        "/.., /",
        "//a b, /a%20b",
    })
    void a_path_with_too_much_in_it_is_sent_to_the_clean_one(String asked, String location)
            throws Exception {
        Response answer =
                cleanPath.handle(new Request("GET", asked, Map.of(), Map.of(), new byte[0]));

        assertThat(answer.status()).isEqualTo(301);
        assertThat(answer.headers()).containsEntry("Location", location);
    }

    @ParameterizedTest
    @CsvSource({"/", "/T", "/T/", "/T/a1", "/T/_config/size", "/T/...", "*"})
    void a_clean_path_is_served(String asked) throws Exception {
        assertThat(cleanPath.handle(new Request("GET", asked, Map.of(), Map.of(), new byte[0])))
                .isSameAs(SERVED);
    }

    @Test
    void the_query_goes_along_and_can_not_end_the_header() throws Exception {
        Request asked =
                new Request(
                        "GET",
                        "//T",
                        Map.of("wait", List.of("true\r\nX: y&")),
                        Map.of(),
                        new byte[0]);

        assertThat(cleanPath.handle(asked).headers())
                .containsEntry("Location", "/T?wait=true%0D%0AX%3A+y%26");
    }
}
