package flotilla.conformance.etcd;

import flotilla.conformance.servers.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's etcdctl, speaking v3 to one member. */
final class Etcdctl {
    private static final int PATIENCE_SECONDS = 30;

    private final String address;
    private final Path folder;

    Etcdctl(String address, Path folder) {
        this.address = address;
        this.folder = folder;
    }

    static boolean isInstalled() {
        return Program.onPath("etcdctl").isPresent();
    }

    /**
     * What the command printed and how it ended, with the ids, ports and timings of this one
     * cluster replaced by words.
     */
    String run(String stdin, List<String> arguments) {
        try {
            Process process = start(stdin, arguments);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "no end after " + PATIENCE_SECONDS + " s, so far:\n" + output();
            }
            return output() + "exit " + process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** Starts the command with its output going to {@link #output}. */
    Process start(String stdin, List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("etcdctl", "--endpoints", "http://" + address));
        command.addAll(arguments);
        try {
            Path in = Files.writeString(folder.resolve("in"), stdin);
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectInput(in.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(out().toFile());
            builder.environment().put("ETCDCTL_API", "3");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("running " + command, e);
        }
    }

    String output() {
        try {
            return normal(Files.readString(out(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + out(), e);
        }
    }

    private Path out() {
        return folder.resolve("out");
    }

    private String normal(String text) {
        return text.replace(address, "CLIENT")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "PEER")
                .replaceAll("took = [0-9.]+[mµn]?s", "took = T")
                .replaceAll("\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?", "DATE")
                .replaceAll("\\{\"level\":\"warn\",\"ts\":\"[^\"]*\"", "{\"level\":\"warn\"")
                .replaceAll("endpoint://client-[0-9a-f-]+/", "endpoint://client/")
                .replaceAll(
                        "\"(cluster_id|member_id|raft_term|ID|leader|raftIndex|raftTerm|raftAppliedIndex|dbSize|dbSizeInUse)\":\\d+",
                        "\"$1\":N")
                .replaceAll("\"(ClusterID|MemberID|RaftTerm)\" : \\d+", "\"$1\" : N")
                .replaceAll("\\b[0-9a-f]{15,16}\\b", "ID");
    }
}
