package flotilla.cloudconfig.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts of a real machine, by its own useradd, in a copy of its /etc. */
class HostAccountsTest {
    private static final String HASH = "$6$salt$9lGjsTKPmNOtkhuYVVm8zh0Ylr2YJk3bG";
    private static final String OTHER_HASH = "$6$salt$Ubr3nGj9hM0tkYYVVm8zh0Ylr2YJk3bHx";

    @TempDir Path directory;
    private OwnEtc machine;

    @BeforeEach
    void aMachine() throws IOException, InterruptedException {
        machine = OwnEtc.in(directory);
    }

    @Test
    void a_user_is_made_as_said_and_what_is_written_after_it_can_be_its_own() throws Exception {
        Programs.Output output =
                machine.apply(
                        """
                        #cloud-config
                        users:
                          - name: you
                            passwd: %s
                            gecos: The App
                            groups: [audio, games]
                            shell: /bin/sh
                            ssh-authorized-keys: [ssh-ed25519 AAAA me]
                        write_files:
                          - {path: /home/you/conf/file, owner: "you:games", content: x}
                        """
                                .formatted(HASH));

        assertThat(output.text()).doesNotContain(HASH);
        assertThat(output.code()).as(output.text()).isZero();
        List<String> passwd = machine.line("passwd", "you");
        assertThat(passwd.subList(4, 7)).containsExactly("The App", "/home/you", "/bin/sh");
        assertThat(machine.line("shadow", "you").get(1)).isEqualTo(HASH);
        assertThat(machine.line("group", "audio").getLast()).isEqualTo("you");
        assertThat(machine.calls()).noneMatch(call -> call.contains(HASH)).hasSize(2);
        int uid = Integer.parseInt(passwd.get(2));
        int gid = Integer.parseInt(passwd.get(3));
        assertThat(Owned.of(machine.home("you/.ssh"))).isEqualTo(new Owned(uid, gid, 0700));
        assertThat(Owned.of(machine.home("you/.ssh/authorized_keys")))
                .isEqualTo(new Owned(uid, gid, 0600));
        assertThat(Owned.of(machine.home("you/conf"))).isEqualTo(new Owned(uid, gid, 0755));
        assertThat(Owned.of(machine.home("you/conf/file")))
                .isEqualTo(
                        new Owned(
                                uid,
                                Integer.parseInt(machine.line("group", "games").get(2)),
                                0644));
    }

    @Test
    void a_user_without_a_password_can_not_be_let_in_by_one() throws Exception {
        machine.apply(
                """
                #cloud-config
                users:
                  - {name: plain}
                  - {name: svc, system: true, no-create-home: true, primary-group: games}
                """);

        assertThat(machine.line("shadow", "plain").get(1)).isEqualTo("*");
        assertThat(machine.home("plain")).isDirectory();
        assertThat(machine.home("svc")).doesNotExist();
        assertThat(Integer.parseInt(machine.line("passwd", "svc").get(2))).isLessThan(1000);
        assertThat(machine.line("passwd", "svc").get(3))
                .isEqualTo(machine.line("group", "games").get(2));
    }

    @Test
    void a_user_that_is_there_gets_password_keys_and_groups_and_keeps_the_rest() throws Exception {
        machine.apply(
                "#cloud-config\nusers: [{name: app, passwd: %s, groups: [games], homedir: /home/you, gecos: One}]\n"
                        .formatted(HASH));

        Programs.Output output =
                machine.apply(
                        "#cloud-config\nusers: [{name: app, passwd: %s, groups: [games, audio], gecos: Two, homedir: /b, ssh_authorized_keys: [k]}]\n"
                                .formatted(OTHER_HASH));

        assertThat(output.text())
                .contains("user app is there: its home, shell and the like stay as they are");
        assertThat(machine.line("passwd", "app").subList(4, 6)).containsExactly("One", "/home/you");
        assertThat(machine.line("shadow", "app").get(1)).isEqualTo(OTHER_HASH);
        assertThat(machine.line("group", "games").getLast()).isEqualTo("app");
        assertThat(machine.line("group", "audio").getLast()).isEqualTo("app");
        assertThat(machine.home("you/.ssh/authorized_keys")).hasContent("k\n");
        assertThat(machine.calls()).contains("usermod --append --groups audio -- app");
    }

    @Test
    void a_group_that_is_not_there_is_named_before_anything_is_made() throws Exception {
        Programs.Output output =
                machine.apply("#cloud-config\nusers: [{name: app, groups: [games, no-such]}]\n");

        assertThat(output.code()).isEqualTo(1);
        assertThat(output.text())
                .contains(
                        "can't make user app, or give it what it lacks: member of games and no-such: there is no group \"no-such\" on this machine: make it first, or leave it out");
        assertThat(machine.line("passwd", "app")).isEmpty();
        assertThat(machine.calls()).isEmpty();
    }

    @Test
    void keys_of_a_user_that_is_to_have_no_home_have_no_place() throws Exception {
        Programs.Output output =
                machine.apply(
                        """
                        #cloud-config
                        users:
                          - {name: svc, homedir: /nonexistent, no-create-home: true, ssh-authorized-keys: [k]}
                        """);

        assertThat(output.text())
                .contains(
                        "can't let 1 ssh key in as svc: user svc has no home (/nonexistent), so that its keys have no place");
        assertThat(Path.of("/nonexistent")).doesNotExist();
    }

    @Test
    void core_is_made_for_its_keys_once_and_belongs_to_the_groups_that_there_are()
            throws Exception {
        String document = "#cloud-config\nssh_authorized_keys: [ssh-ed25519 AAAA me]\n";
        Files.writeString(
                machine.etc("group"),
                Files.readString(machine.etc("group"))
                                .replaceAll("(?m)^(docker|sudo|fleet|core):.*\n", "")
                        + "sudo:x:27:\nfleet:x:998:\ncore:x:777:\n");

        machine.apply(document);
        Programs.Output again = machine.apply(document);

        assertThat(again.code()).as(again.text()).isZero();
        List<String> passwd = machine.line("passwd", "core");
        assertThat(passwd.subList(5, 7)).containsExactly("/home/core", "/bin/bash");
        assertThat(passwd.get(3)).isEqualTo("777");
        assertThat(machine.line("group", "sudo").getLast()).isEqualTo("core");
        assertThat(machine.line("group", "fleet").getLast()).isEqualTo("core");
        assertThat(machine.calls()).hasSize(1);
        assertThat(machine.home("core/.ssh/authorized_keys")).hasContent("ssh-ed25519 AAAA me\n");
        assertThat(Owned.of(machine.home("core/.ssh/authorized_keys.d/coreos-cloudinit")))
                .isEqualTo(new Owned(Integer.parseInt(passwd.get(2)), 777, 0600));
    }
}
