package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerUrlsTest {
    private static final Map<String, Set<InetAddress>> HOSTS =
            Map.of(
                    "a", addresses("10.0.0.1"),
                    "a.example", addresses("10.0.0.9", "10.0.0.1"),
                    "b", addresses("10.0.0.2"),
                    "10.0.0.1", addresses("10.0.0.1"),
                    "[::1]", addresses("::1"),
                    "[0:0:0:0:0:0:0:1]", addresses("::1"));

    private static Set<InetAddress> addresses(String... numbers) {
        return Set.copyOf(Arrays.stream(numbers).map(InetAddress::ofLiteral).toList());
    }

    private final PeerUrls urls = new PeerUrls(host -> HOSTS.getOrDefault(host, Set.of()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    http://a:1            | http://a:1             | true
                    http://a:1            | http://A:1             | true
                    http://a:1,http://b:2 | http://b:2,http://a:1  | true
                    http://a:1            | http://10.0.0.1:1      | true
                    http://a.example:1    | http://a:1             | true
                    http://[::1]:1        | http://[0:0:0:0:0:0:0:1]:1 | true
                    http://a:1            | http://b:1             | false
                    http://a:1            | http://a:2             | false
                    http://a:1            | https://a:1            | false
                    http://a:1            | http://unknown:1       | false
                    http://unknown:1      | http://unheard-of:1    | false
                    http://a:1            | http://a:1,http://b:2  | false
                    http://a:1,http://b:2 | http://a:1             | false
                    http://a:1,http://b:2 | http://a:1,http://10.0.0.1:1 | false
                    """)
    void urls_are_the_same_that_lead_to_the_same_places(String some, String others, boolean same) {
        assertThat(urls.same(List.of(some.split(",")), List.of(others.split(",")))).isEqualTo(same);
    }

    @Test
    void nobody_is_asked_where_a_host_is_while_the_words_agree() {
        PeerUrls alone = new PeerUrls(host -> fail("asked for " + host));

        assertThat(alone.same(List.of("http://x:1"), List.of("http://X:1"))).isTrue();
        assertThat(alone.same(List.of("http://x:1"), List.of("http://y:2"))).isFalse();
    }
}
