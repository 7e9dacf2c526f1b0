package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import flotilla.cloudconfig.document.CloudConfig;
import flotilla.cloudconfig.document.CloudConfig.Mode;
import flotilla.cloudconfig.document.Metadata;
import flotilla.cloudconfig.plan.Action;
import flotilla.cloudconfig.plan.Plan;
import flotilla.machine.FakeInit;
import flotilla.machine.Init.JobResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplierTest {
    private static final Metadata METADATA = Metadata.of("id", "core-01", "10.0.0.5");

    @TempDir Path root;

    @Test
    void files_keys_and_the_environment_land_below_the_root_with_their_modes() throws Exception {
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(
                root.resolve("etc/environment"), "# mine\nCOREOS_PRIVATE_IPV4=old\nA=b\n");
        FakeInit init = FakeInit.ending(JobResult.DONE);

        apply(
                """
                #cloud-config
                hostname: web
                ssh_authorized_keys:
                  - ssh-ed25519 AAAA me
                write_files:
                  - path: /etc/secret
                    permissions: 0600
                    content: hush
                """,
                init);

        assertThat(root.resolve("etc/hostname")).hasContent("web\n");
        assertThat(root.resolve("etc/secret")).hasContent("hush");
        assertThat(mode("etc/secret")).isEqualTo("rw-------");
        assertThat(root.resolve("home/core/.ssh/authorized_keys"))
                .hasContent("ssh-ed25519 AAAA me\n");
        assertThat(mode("home/core/.ssh/authorized_keys")).isEqualTo("rw-------");
        assertThat(root.resolve("etc/environment"))
                .hasContent(
                        "# mine\nCOREOS_PRIVATE_IPV4=10.0.0.5\nA=b\nCOREOS_PUBLIC_IPV4=10.0.0.5\n");
        assertThat(init.calls()).isEmpty();
    }

    @Test
    void units_are_written_then_read_again_once_then_commanded_in_order() throws Exception {
        FakeInit init = FakeInit.ending(JobResult.DONE);

        apply(
                """
                #cloud-config
                coreos:
                  fleet: {metadata: "disk=ssd"}
                  units:
                    - name: b.service
                      command: start
                      content: "[Service]"
                      enable: true
                    - name: a.service
                      command: restart
                      runtime: true
                      drop-ins:
                        - name: 10-x.conf
                          content: "[Service]"
                """,
                init);

        assertThat(init.calls())
                .containsExactly(
                        "write PERSISTENT b.service",
                        "enable b.service",
                        "write RUNTIME a.service.d/10-x.conf",
                        "unmask a.service",
                        "write RUNTIME fleet.service.d/20-cloudinit.conf",
                        "reload",
                        "START b.service",
                        "RESTART a.service");
    }

    @Test
    void a_job_that_fails_stops_the_rest_and_is_named() {
        FakeInit init = FakeInit.ending(JobResult.FAILED);

        assertThatThrownBy(() ->
                        apply(
                                """
                                #cloud-config
                                coreos:
                                  units:
                                    - {name: a.service, command: start}
                                    - {name: b.service, command: start}
                                """,
                                init))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can't start a.service: the job ended as FAILED");
        assertThat(init.calls()).containsExactly("START a.service");
    }

    /** A path that the file system can't express, a bug of the init: whatever it is. */
    @Test
    void an_action_that_throws_anything_is_named_and_is_no_accident() {
        FakeInit init =
                new FakeInit() {
                    @Override
                    public CompletableFuture<Void> reload() {
                        throw new IllegalStateException("no bus");
                    }
                };

        assertThatThrownBy(() ->
                        apply(
                                """
                                #cloud-config
                                coreos:
                                  units:
                                    - {name: a.service, content: x, command: start}
                                """,
                                init))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "can't read all unit files again: java.lang.IllegalStateException: no bus");
        assertThat(init.calls()).containsExactly("write PERSISTENT a.service");
    }

    @Test
    void a_path_that_no_file_system_takes_is_no_accident() {
        Plan plan =
                new Plan(
                        List.of(
                                new Action.WriteFile(
                                        new CloudConfig.WrittenFile(
                                                "/etc/a\0b",
                                                new byte[0],
                                                0644,
                                                Optional.empty()))));

        assertThatThrownBy(() ->
                        new Applier(
                                        root,
                                        FakeInit.ending(JobResult.DONE).ports("id", "m1"),
                                        _ -> {})
                                .apply(plan))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can't write /etc/a")
                .hasMessageContaining("the host can't express this path")
                .hasMessageContaining("LC_ALL=C.UTF-8");
    }

    @Test
    void an_owner_that_the_host_does_not_know_is_named() {
        assertThatThrownBy(() ->
                        apply(
                                "#cloud-config\nwrite_files: [{path: /etc/a, owner: no-such.no-such}]\n",
                                FakeInit.ending(JobResult.DONE)))
                .hasMessage(
                        "can't write /etc/a (0 bytes, mode 0644): there is no user \"no-such\" on this host: make one, or give a number");
        assertThat(root.resolve("etc"))
                .isDirectoryNotContaining("glob:**/a")
                .isDirectoryNotContaining("glob:**/.cloudinit-*");
    }

    @Test
    void what_others_wrote_into_the_environment_stays_byte_for_byte() throws Exception {
        Files.createDirectories(root.resolve("etc"));
        Files.write(root.resolve("etc/environment"), new byte[] {'A', '=', (byte) 0xe9, '\n'});

        apply("#cloud-config\n", FakeInit.ending(JobResult.DONE));

        assertThat(Files.readString(root.resolve("etc/environment"), StandardCharsets.ISO_8859_1))
                .isEqualTo("A=\u00e9\nCOREOS_PRIVATE_IPV4=10.0.0.5\nCOREOS_PUBLIC_IPV4=10.0.0.5\n");
    }

    @Test
    void accounts_of_the_host_are_left_alone_which_is_said_and_their_keys_are_written()
            throws Exception {
        assertThat(
                        apply(
                                """
                                #cloud-config
                                users: [{name: no-such-user-here, ssh-authorized-keys: [k]}]
                                ssh-authorized-keys: [l]
                                """,
                                FakeInit.ending(JobResult.DONE)))
                .contains(
                        "user no-such-user-here is left as it is: the accounts of this machine are its host's",
                        "user core is left as it is: the accounts of this machine are its host's");
        assertThat(root.resolve("home/no-such-user-here/.ssh/authorized_keys")).hasContent("k\n");
        assertThat(root.resolve("home/core/.ssh/authorized_keys")).hasContent("l\n");
    }

    @Test
    void an_environment_that_is_a_link_is_not_read_through() throws Exception {
        Path etc = Files.createDirectories(root.resolve("etc"));
        Files.createSymbolicLink(etc.resolve("environment"), etc.resolve("other"));

        assertThatThrownBy(() -> apply("#cloud-config\n", FakeInit.ending(JobResult.DONE)))
                .hasMessageContaining("etc/environment is a symbolic link, which is not followed");
    }

    private List<String> apply(String text, FakeInit init)
            throws IOException, InterruptedException {
        CloudConfig config = CloudConfig.read(text, Mode.LENIENT).document().orElseThrow();
        List<String> told = new ArrayList<>();
        new Applier(root, init.ports("id", "m1"), told::add).apply(Plan.of(config, METADATA));
        assertThat(told).isNotEmpty();
        return told;
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(path)));
    }
}
