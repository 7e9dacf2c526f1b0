package flotilla.conformance.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of etcdctl's output is one cluster's own, however many digits it happens to have. */
class MasksTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    8e9e05c52164694d, started, m0 ; ID, started, m0
                    b397cf2a0d53f7, started, m0   ; ID, started, m0
                    97cf2a0d53f, started, m0      ; ID, started, m0
                    Member  397cf2a0d53f7 removed from cluster   97cf2a0d53f7 ; Member ID removed from cluster ID
                    | b397cf2a0d53f7 | started |  ; | ID | started |
                    |   397cf2a0d53f7 | started | ; | ID | started |
                    +------------+---------+      ; +--+--+
                    {"id":1234567890123,"ttl":495}; {"id": N,"ttl":T}
                    {"lease":7587862094427390464} ; {"lease": N}
                    {"member_id":77,"ID":12}      ; {"member_id":N,"ID":N}
                    http://127.0.0.1:12379, 8 kB  ; http://CLIENT, SIZE
                    http://127.0.0.1:12380        ; http://PEER
                    """)
    void what_one_cluster_alone_prints_is_a_word(String printed, String masked) {
        assertThat(Masks.of("127.0.0.1:12379", printed)).isEqualTo(masked);
    }

    @ParameterizedTest
    @CsvSource({
        "compacted revision 3",
        "lease 77 already expired",
        "hash 4294967295",
        "Error: bad lease ID (soon)",
        "OK"
    })
    void what_every_cluster_prints_is_kept(String printed) {
        assertThat(Masks.of("127.0.0.1:12379", printed)).isEqualTo(printed);
    }
}
