package flotilla.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import flotilla.platform.http.HttpCaller;
import flotilla.platform.http.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked and said when there is no room for tokens, on a file system of 64 KiB. */
class FullDiskTest {
    @TempDir private Path parent;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(parent.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
        assumeTrue(mounted, "a small file system can't be mounted here: that takes root's rights");
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    private DiscoveryServer start() throws IOException {
        return DiscoveryServer.start(
                new DiscoveryConfig(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        "http://d",
                        disk.resolve("tokens")));
    }

    /** Leaves no room at all beside what is there. */
    private Path fill() {
        Path filler = disk.resolve("filler");
        assertThatThrownBy(() -> Files.write(filler, new byte[64 * 1024]))
                .as("what went in stays")
                .isInstanceOf(IOException.class);
        return filler;
    }

    @Test
    void each_answer_names_the_file_and_what_to_do_and_a_restart_with_room_has_the_tokens()
            throws IOException {
        String token;
        try (DiscoveryServer server = start();
                HttpCaller http = HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()))) {
            token = http.get("/new").text().substring("http://d".length());
            fill();
            Reply refused = new Reply(200, Map.of(), new byte[0]);
            for (int put = 0; refused.status() < 300 && put < 1000; put++) {
                refused = http.call("PUT", token + "/a1?value=x", Map.of(), new byte[0]);
            }

            assertThat(refused.status()).isEqualTo(500);
            assertThat(refused.text())
                    .contains("\"errorCode\":300")
                    .contains(disk.resolve("tokens/tokens.log").toString())
                    .contains("No space left on device")
                    .contains("make room");
            assertThat(http.get(token).text()).contains("\"errorCode\":300").contains("make room");
            assertThat(http.get("/new").status()).isEqualTo(500);
            assertThat(http.get("/new").text())
                    .startsWith("Unable to generate token: ")
                    .contains("tokens.log")
                    .contains("make room")
                    .doesNotContain("Exception");
            assertThat(http.get("/health").status()).isEqualTo(400);
            assertThatThrownBy(() -> server.failure().join()).hasMessageContaining("make room");
        }
        Files.delete(disk.resolve("filler"));
        try (DiscoveryServer server = start();
                HttpCaller http = HttpCaller.to(URI.create("http://127.0.0.1:" + server.port()))) {
            assertThat(http.get(token).text()).contains("/a1\"");
        }
    }
}
