package flotilla.trust.home;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.trust.home.UnitSettings.Beginning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitSettingsTest {
    @TempDir private Path folder;

    private String told(String unit) throws IOException {
        return told(unit, false);
    }

    private String told(String unit, boolean localClients) throws IOException {
        TrustHome home = TrustHome.below(folder);
        Files.createDirectories(home.directory());
        UnitSettings settings = new UnitSettings(home, folder, localClients);
        settings.tellStore(
                "core-01",
                "fd00::1",
                new Beginning("c1", "core-01=https://[fd00::1]:2380", false),
                StoreCopies.beside(home));
        settings.tellFleet("fd00::1", List.of("https://[fd00::1]:2379"));
        assertThat(settings.toldStore()).isTrue();
        return Files.readString(home.directory().resolve(unit + ".env"));
    }

    @Test
    void the_store_speaks_plainly_nowhere() throws IOException {
        String text = told("etcd");

        assertThat(
                        text.lines()
                                .filter(line ->
                                        line.contains("_URLS=") || line.contains("CLUSTER=")))
                .hasSize(5)
                .allMatch(line -> line.contains("https://[fd00::1]:23"))
                .noneMatch(line -> line.contains("http://"));
        assertThat(text)
                .contains("ETCD_CLIENT_CERT_AUTH=true\n")
                .contains("ETCD_CLIENT_CERT_ALLOWED_HOSTNAME=machine.flotilla.internal\n")
                .contains("ETCD_PEER_CLIENT_CERT_AUTH=true\n")
                .contains("ETCD_PEER_CERT_ALLOWED_CN=flotilla-peer\n");
    }

    @Test
    void fleet_shows_its_certificate_and_nobody_else_reads_where_it_is() throws IOException {
        assertThat(told("fleet"))
                .contains("FLEET_ETCD_SERVERS=https://[fd00::1]:2379\n")
                .contains("FLEET_TRUST_DIR=/var/lib/flotilla/trust\n");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(
                                        folder.resolve("var/lib/flotilla/trust/fleet.env"))))
                .isEqualTo("rw-------");
    }

    @Test
    void a_service_does_not_start_without_its_variables_nor_by_a_cloud_configs_other_ways()
            throws IOException {
        told("etcd");

        assertThat(dropIn())
                .contains("EnvironmentFile=/var/lib/flotilla/trust/etcd.env\n")
                .containsPattern("UnsetEnvironment=.*\\bETCD_ADDR\\b.*\\bETCD_DISCOVERY\\b")
                .containsPattern("UnsetEnvironment=.*\\bETCD_EXPERIMENTAL_LOCAL_CLIENT_URL\\b");
    }

    private String dropIn() throws IOException {
        return Files.readString(
                folder.resolve("etc/systemd/system/etcd.service.d/10-flotilla-trust.conf"));
    }

    @Test
    void who_is_served_without_a_certificate_on_the_machine_itself_makes_nobody_root()
            throws IOException {
        assertThat(told("etcd", true))
                .contains("ETCD_EXPERIMENTAL_GUARDED_PREFIX=/flotilla/,/_coreos.com/fleet/\n");
        assertThat(dropIn())
                .doesNotContain("ETCD_EXPERIMENTAL_LOCAL_CLIENT_URL")
                .containsPattern(
                        "UnsetEnvironment=.*\\bETCD_EXPERIMENTAL_GUARDED_PREFIX_TOKEN_FILE\\b");
    }
}
