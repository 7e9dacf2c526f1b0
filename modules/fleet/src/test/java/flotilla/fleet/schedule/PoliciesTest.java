package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import flotilla.fleet.job.Handover;
import flotilla.fleet.job.OnLost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {
    @Test
    void a_unit_that_says_nothing_is_stopped_first_and_kept_when_lost() {
        Requirements plain = read("a.service", "[Service]\nExecStart=/bin/sleep 9\n");

        assertThat(plain.handover()).isEqualTo(Handover.STOP_FIRST);
        assertThat(plain.onLost()).isEqualTo(OnLost.KEEP);
    }

    @Test
    void what_a_unit_says_counts_and_the_last_time_it_does() {
        Requirements said =
                read(
                        "a.service",
                        """
                        [Service]
                        ExecStart=/usr/bin/docker run -v /srv:/srv busybox
                        [X-Fleet]
                        Conflicts=a*
                        Handover=stop-first
                        Handover=start-first
                        OnLost=stop
                        OnLost=keep
                        """);

        assertThat(said.handover()).isEqualTo(Handover.START_FIRST);
        assertThat(said.onLost()).isEqualTo(OnLost.KEEP);
        assertThat(
                        read(
                                        "a.service",
                                        "[X-Fleet]\nHandover=start-first\nHandover=\nOnLost=stop\n")
                                .handover())
                .isEqualTo(Handover.STOP_FIRST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[X-Fleet];Conflicts=b*",
                "[X-Fleet];X-Conflicts=b*",
                "[X-Fleet];MachineOf=b.service",
                "[Unit];RequiresMountsFor=/srv",
                "[Unit];Requires=a.service srv-data.mount",
                "[Unit];BindsTo=srv-data.mount",
                "[Service];BindPaths=/srv/data",
                "[Service];BindReadOnlyPaths=/srv/data:/data"
            })
    void a_unit_that_keeps_apart_goes_with_another_or_mounts_is_stopped_when_lost(String text) {
        assertThat(read("a.service", text.replace(';', '\n')).onLost()).isEqualTo(OnLost.STOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[Unit];After=srv-data.mount",
                "[Unit];RequiresMountsFor=/srv;RequiresMountsFor=",
                "[Service];StateDirectory=a",
                "[X-Fleet];Replaces=b*",
                "[X-Fleet];Global=true;Conflicts=b*",
                "[X-Fleet];Conflicts=b*;OnLost=keep"
            })
    void any_other_unit_is_kept(String text) {
        assertThat(read("a.service", text.replace(';', '\n')).onLost()).isEqualTo(OnLost.KEEP);
    }

    @Test
    void a_mount_is_stopped_when_lost() {
        assertThat(read("srv.mount", "[Mount]\nWhat=/dev/sdb\nWhere=/srv\n").onLost())
                .isEqualTo(OnLost.STOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/bin/docker run -p 80:80 nginx",
                "/usr/bin/docker run -p80:80 nginx",
                "/usr/bin/docker run -p=80:80/udp nginx",
                "/usr/bin/docker run -dp 80:80 nginx",
                "/usr/bin/docker run -itp80:80 nginx",
                "/usr/bin/docker run --publish=127.0.0.1:80:80 nginx",
                "/usr/bin/docker run --publish [::1]:80:80 nginx",
                "/usr/bin/docker run -p 8000-8010:80 nginx",
                "/usr/bin/docker run --name web -p ${PORT}:80 nginx",
                "/usr/bin/docker run -p 80%i:80 nginx",
                "/usr/bin/docker run -p $PORTS nginx",
                "/usr/bin/docker run --rm --name a -p 80 -p 81:81 nginx",
                "/usr/bin/docker run --net=host nginx",
                "/usr/bin/docker run --network host nginx",
                "/usr/bin/docker run -v /srv:/srv nginx",
                "/usr/bin/docker run -v/srv:/srv nginx",
                "/usr/bin/docker run --volume=data:/srv nginx",
                "/usr/bin/docker run --volumes-from data nginx",
                "/usr/bin/docker run --mount type=bind,src=/srv,dst=/srv nginx",
                "-/usr/bin/podman run --replace --tls-verify=false -v a:/a nginx",
                "@/usr/bin/docker docker run -p 80:80 nginx",
                "/usr/bin/docker -H unix:///run/d.sock --log-level debug run -p 80:80 nginx",
                "/usr/bin/docker container run -p 80:80 nginx",
                "/usr/bin/docker create -p 80:80 nginx",
                "/bin/sh -c 'docker pull nginx; exec docker run -p 80:80 nginx'",
                "/bin/bash -ec \"/usr/bin/podman run --rm -v /a:/a nginx\"",
                "/usr/bin/env A=b docker run -e A -p 80:80 nginx",
                "/bin/true ; /usr/bin/docker run -p 80:80 nginx",
            })
    void a_container_with_a_volume_or_a_fixed_port_is_stopped_when_lost(String command) {
        assertThat(onLost(command)).isEqualTo(OnLost.STOP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/usr/bin/docker run --rm --name a nginx",
                "/usr/bin/docker run -p 80 nginx",
                "/usr/bin/docker run -p 127.0.0.1::80 nginx",
                "/usr/bin/docker run -p 0:80 nginx",
                "/usr/bin/docker run -P nginx",
                "/usr/bin/docker run --net bridge --network=web nginx",
                "/usr/bin/docker run --mount type=tmpfs,dst=/tmp nginx",
                "/usr/bin/docker run --rm busybox nc -p 80:80 -v host",
                "/usr/bin/docker run -it --init busybox -v /a:/a",
                "/usr/bin/docker run --name --net=host nginx",
                "/usr/bin/docker run -e -v nginx",
                "/usr/bin/docker pull -v nginx",
                "/usr/bin/docker exec -it a run -v /a:/a",
                "/usr/bin/docker",
                "/usr/bin/nginx -p 80:80 -v",
                "/bin/echo run -v docker",
                "/bin/sh -c 'echo \"docker run\"'"
            })
    void any_other_command_is_kept(String command) {
        assertThat(onLost(command)).isEqualTo(OnLost.KEEP);
    }

    private static OnLost onLost(String command) {
        return read("a.service", "[Service]\nExecStart=" + command + "\n").onLost();
    }

    private static Requirements read(String unit, String text) {
        return Requirements.of(unit, text).orElseThrow();
    }
}
