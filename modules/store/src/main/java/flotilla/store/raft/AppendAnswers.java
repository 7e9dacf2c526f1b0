package flotilla.store.raft;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.InternalConfigurator;
import org.apache.ratis.thirdparty.io.grpc.InternalConfiguratorRegistry;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Takes what followers answer to append requests on the network thread that read it: gRPC's own
 * way, by a pool, costs each answer a change of thread. The end of such a call goes by a pool
 * still, for one that fails at once would come back to Ratis' appender inside its own lock.
 */
final class AppendAnswers implements ClientInterceptor, InternalConfigurator {
    private static final String APPEND =
            RaftServerProtocolServiceGrpc.getAppendEntriesMethod().getFullMethodName();

    private final Executor ends = Executors.newVirtualThreadPerTaskExecutor();

    private AppendAnswers() {}

    /**
     * For all channels that Ratis makes in this JVM from now on: it builds them itself, and only
     * its own gRPC lets others near. A program that has set that up for itself keeps what it set.
     */
    static synchronized void install() {
        if (!InternalConfiguratorRegistry.wasSetConfiguratorsCalled()) {
            InternalConfiguratorRegistry.setConfigurators(List.of(new AppendAnswers()));
        }
    }

    @Override
    public void configureChannelBuilder(ManagedChannelBuilder<?> channel) {
        channel.intercept(this);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        if (!method.getFullMethodName().equals(APPEND)) {
            return next.newCall(method, options);
        }
        return new SimpleForwardingClientCall<>(
                next.newCall(method, options.withExecutor(Runnable::run))) {
            @Override
            public void start(Listener<A> answers, Metadata headers) {
                super.start(new EndsElsewhere<>(answers, ends), headers);
            }
        };
    }

    private static final class EndsElsewhere<A> extends SimpleForwardingClientCallListener<A> {
        private final Executor ends;

        EndsElsewhere(ClientCall.Listener<A> answers, Executor ends) {
            super(answers);
            this.ends = ends;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            ends.execute(() -> super.onClose(status, trailers));
        }
    }
}
