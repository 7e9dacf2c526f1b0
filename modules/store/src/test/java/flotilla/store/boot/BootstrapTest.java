package flotilla.store.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.store.log.Membership;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who a new member is by its flags; ids and refusals are etcd 3.4.23's where it has any. */
class BootstrapTest {
    @TempDir private Path directory;

    private Membership m1(String initialCluster, String advertised) throws Exception {
        EtcdConfig config =
                EtcdConfig.parse(
                        List.of(
                                "--name=m1",
                                "--initial-cluster=" + initialCluster,
                                "--initial-advertise-peer-urls=" + advertised),
                        Map.of());
        try (DataDir data = DataDir.open(directory.resolve("data"))) {
            return Bootstrap.membership(config, data);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    m1=http://127.0.0.1:2380  | http://127.0.0.1:2380  | b71f75320dc06a6c
                    m1=HTTP://127.0.0.1:2380  | http://127.0.0.1:2380  | b71f75320dc06a6c
                    m1=http://127.0.0.1:2380/ | http://127.0.0.1:2380  | b71f75320dc06a6c
                    m1=http://127.0.0.1:2380  | http://127.0.0.1:2380/ | b71f75320dc06a6c
                    m1=http://127.0.0.1:2380  | http://localhost:2380  | b71f75320dc06a6c
                    m1=http://127.0.0.1:2380,m1=http://127.0.0.1:2382 | http://127.0.0.1:2382,http://127.0.0.1:2380 | e06b1f6082897a9d
                    """)
    void a_member_s_id_is_of_what_initial_cluster_says_however_it_calls_itself(
            String initialCluster, String advertised, String id) throws Exception {
        assertThat(MemberIds.hex(m1(initialCluster, advertised).self())).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    m1=http://127.0.0.2:2380    | http://127.0.0.1:2380   | is not in the cluster
                    m1=http://127.0.0.1:2381    | http://127.0.0.1:2380   | is not in the cluster
                    m2=http://127.0.0.1:2380    | http://127.0.0.1:2380   | is not in the cluster
                    m1=http://127.0.0.1:2380/a  | http://127.0.0.1:2380   | --initial-cluster=http://127.0.0.1:2380/a: URL must not contain a path
                    m1=http://127.0.0.1:2380    | http://127.0.0.1:2380/a | --initial-advertise-peer-urls=http://127.0.0.1:2380/a: URL must not contain a path
                    m1=http://127.0.0.1 :2380   | http://127.0.0.1:2380   | --initial-cluster=http://127.0.0.1 :2380: want http://host:port
                    m1=http://127.0.0.1         | http://127.0.0.1:2380   | want http://host:port
                    m1=http://127.0.0.1:2380,m2=http://127.0.0.1:2380 | http://127.0.0.1:2380 | has duplicate url
                    """)
    void flags_that_contradict_each_other_are_refused(
            String initialCluster, String advertised, String words) {
        assertThatThrownBy(() -> m1(initialCluster, advertised))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }
}
