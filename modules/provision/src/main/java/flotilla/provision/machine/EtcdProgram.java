package flotilla.provision.machine;

import flotilla.machine.embedded.BuiltinContext;
import flotilla.machine.embedded.BuiltinProgram;
import flotilla.store.EtcdDaemon;
import flotilla.store.boot.EtcdConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /usr/bin/etcd} of a local machine, inside the machine's process. Ready when the member has
 * a leader, which may take until the other machines are there.
 *
 * @param address the machine's
 * @param prefix fleet's keys
 * @param tokenFile what guards them; empty: nothing
 * @param joins the members of the store that it comes to; empty: it is one of the first
 */
record EtcdProgram(
        String address, FleetPrefix prefix, Optional<Path> tokenFile, Optional<String> joins)
        implements BuiltinProgram {
    private static final Logger log = LoggerFactory.getLogger(EtcdProgram.class);

    @Override
    public Running start(BuiltinContext context) throws IOException, InterruptedException {
        EtcdConfig config =
                MemberFlags.parse(
                                context.arguments(),
                                joins.map(cluster ->
                                                MemberFlags.joining(context.environment(), cluster))
                                        .orElseGet(context::environment),
                                address,
                                tokenFile.map(prefix::guard))
                        .below(context.root());
        prefix.guarded(config.guard());
        context.log().accept("serving clients at %s".formatted(config.listenClientUrls()));
        EtcdDaemon daemon = EtcdDaemon.start(config);
        boolean ready = false;
        try {
            daemon.ready().get();
            ready = true;
            return new Member(daemon);
        } catch (ExecutionException e) {
            throw new IOException("etcd of " + address + " did not get ready", e.getCause());
        } finally {
            if (!ready) {
                daemon.close();
            }
        }
    }

    private record Member(EtcdDaemon daemon, CompletableFuture<Integer> exited) implements Running {
        Member(EtcdDaemon daemon) {
            this(daemon, new CompletableFuture<>());
            var _ = daemon.server().failure().whenComplete((none, error) -> fail());
        }

        /** A member that can't go on is taken down at once: its unit's Restart= brings it back. */
        private void fail() {
            Thread.ofVirtual().name("etcd-failed").start(() -> end(1));
        }

        @Override
        public void stop() {
            end(0);
        }

        private void end(int code) {
            try {
                daemon.close();
            } catch (IOException e) {
                log.warn("closing etcd", e);
            } finally {
                exited.complete(code);
            }
        }
    }
}
