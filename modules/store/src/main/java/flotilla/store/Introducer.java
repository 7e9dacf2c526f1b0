package flotilla.store;

import flotilla.platform.tls.ClientTls;
import flotilla.store.boot.EtcdConfig;
import flotilla.store.boot.Joining;
import flotilla.store.log.Introduction;
import flotilla.store.log.Membership;
import flotilla.store.log.peer.IntroductionRequest;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Has a member that was added to a running cluster introduced to it, by any of the others. All are
 * asked: one may be down, or have yet to hear of the new member.
 */
final class Introducer {
    /** What the loop may take to end, seconds: its connections are closed by then. */
    private static final long END_SECONDS = 5;

    private Introducer() {}

    /**
     * Blocks until one answers that knows this member, or all have had time to.
     *
     * @param reads up to which feature level this member's program reads
     * @throws IOException if none answers, or what they answer does not fit
     */
    static Membership membership(EtcdConfig config, int reads)
            throws IOException, InterruptedException {
        Joining joining = Joining.of(config, reads);
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(
                        1,
                        Thread.ofPlatform().daemon().name("raft-join").factory(),
                        NioIoHandler.newFactory());
        try {
            ClientTls tls = MemberLog.dialPeers(config);
            return first(
                    joining,
                    joining.others().stream()
                            .map(url -> IntroductionRequest.ask(url, group.next(), tls))
                            .toList());
        } finally {
            var _ = group.shutdownGracefully(0, END_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static Membership first(Joining joining, List<CompletableFuture<Introduction>> answers)
            throws IOException, InterruptedException {
        IOException misfit = null;
        List<String> silent = new ArrayList<>();
        for (CompletableFuture<Introduction> answer : answers) {
            try {
                return joining.membership(answer.get());
            } catch (ExecutionException _) {
                silent.add(String.valueOf(answer.exceptionNow().getMessage()));
            } catch (IOException e) {
                misfit = e;
            }
        }
        throw misfit != null ? misfit : unanswered(silent);
    }

    private static IOException unanswered(List<String> silent) {
        return new IOException(
                "cannot fetch cluster info from peer urls: could not retrieve cluster information"
                        + " from the given URLs"
                        + (silent.isEmpty()
                                ? ": --initial-cluster names no other member"
                                : " (" + String.join("; ", silent) + ")")
                        + ": give --initial-cluster as etcdctl member add printed it, and have one"
                        + " of those members running");
    }
}
