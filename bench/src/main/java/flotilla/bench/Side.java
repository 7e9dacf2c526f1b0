package flotilla.bench;

import flotilla.conformance.servers.Cluster;
import flotilla.conformance.servers.Program;
import flotilla.conformance.servers.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** One of the servers that are measured beside each other: its members and the load on them. */
final class Side implements AutoCloseable {
    private final Program program;
    private final Cluster cluster;
    private final Load load;

    private Side(Program program, Cluster cluster, Load load) {
        this.program = program;
        this.cluster = cluster;
        this.load = load;
    }

    /** Starts a new cluster and waits until it serves. */
    static Side start(Program program, Options options, Path folder) {
        Cluster cluster = Cluster.of(program, options.members(), folder);
        try {
            cluster.start();
            return new Side(program, cluster, new Load(cluster.addresses(), options.connections()));
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** What the tables call it. */
    static String name(Program program) {
        return switch (program) {
            case ETCD -> "etcd 3.4";
            case ETCD_NEXT -> "etcd 3.5";
            case FLOTILLA, LAUNCHER -> "flotilla";
        };
    }

    String name() {
        return name(program);
    }

    Load load() {
        return load;
    }

    Measured measure(Workload workload, Duration stretch) throws IOException, InterruptedException {
        long before = contextSwitches();
        Result result = load.run(workload, stretch);
        double answered = Math.max(1, result.answered(stretch));
        return new Measured(result, (contextSwitches() - before) / answered);
    }

    private long contextSwitches() throws IOException {
        long switches = 0;
        for (Server member : cluster.servers()) {
            switches += ContextSwitches.of(member.pid());
        }
        return switches;
    }

    @Override
    public void close() {
        load.close();
        cluster.close();
    }
}
