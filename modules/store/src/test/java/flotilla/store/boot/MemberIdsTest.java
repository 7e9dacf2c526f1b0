package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberIdsTest {
    /** The ids etcd 3.4.23 logged for a member on that URL with the default token. */
    @Test
    void ids_are_those_that_etcd_computes() {
        long member = MemberIds.member(List.of("http://127.0.0.1:23800"), "etcd-cluster");
        assertThat(MemberIds.hex(member)).isEqualTo("2e1259d415f2a040");
        assertThat(MemberIds.hex(MemberIds.cluster(List.of(member)))).isEqualTo("48276a8f75b6a87");
    }

    /** The id etcd 3.4.23 gave a member that was added to a running cluster in that second. */
    @Test
    void a_member_that_joins_later_gets_the_id_that_etcd_gives_it() {
        Instant second = Instant.parse("2026-11-29T12:58:31Z");
        long member = MemberIds.joining(List.of("http://127.0.0.1:21009"), second);
        assertThat(MemberIds.hex(member)).isEqualTo("13ddd466566f0aea");
    }

    @Test
    void the_order_of_urls_and_members_makes_no_difference() {
        assertThat(MemberIds.member(List.of("http://a:1", "http://b:1"), "t"))
                .isEqualTo(MemberIds.member(List.of("http://b:1", "http://a:1"), "t"));
        assertThat(MemberIds.cluster(List.of(1L, -1L)))
                .isEqualTo(MemberIds.cluster(List.of(-1L, 1L)));
    }
}
