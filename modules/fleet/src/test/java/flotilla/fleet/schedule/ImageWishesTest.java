package flotilla.fleet.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images a unit's machine is to have. */
class ImageWishesTest {
    private static ImageWishes of(String text) {
        return ImageWishes.of("app@3.service", text);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "/usr/bin/docker run app:1, app:1",
        "-/usr/bin/docker run --rm --name a -p 80:80 -e A=b app:1 sh -c 'docker run x:1', app:1 x:1",
        "docker run -d app, app:latest",
        "docker -H unix:///run/docker.sock create --init reg.example:5000/team/app:2.1 go, reg.example:5000/team/app:2.1",
        "/bin/sh -c 'exec docker run -e A=\"$(x y)\" app:%i httpd', app:3",
        "docker run ${IMAGE}, ''",
        "docker pull app:1, ''",
        "podman run app:1, ''",
        "docker start app, ''",
        "docker run --name app, ''",
    })
    void a_containers_image_is_the_first_word_behind_the_options(String line, String images) {
        assertThat(
                        String.join(
                                " ",
                                new java.util.TreeSet<>(of("[Service]\nExecStart=" + line).used())))
                .isEqualTo(images);
    }

    @Test
    void what_is_named_may_stand_several_times_and_is_not_asked_for_twice() {
        ImageWishes wishes =
                of("[Service]\nExecStart=docker run app:1\n[X-Fleet]\nImage=app:1\nImage=b:%i c\n");

        assertThat(wishes.named()).containsExactlyInAnyOrder("app:1", "b:3", "c:latest");
        assertThat(wishes.used()).isEmpty();
    }
}
