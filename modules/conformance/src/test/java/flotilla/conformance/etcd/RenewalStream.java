package flotilla.conformance.etcd;

import flotilla.protocol.LeaseGrpc;
import flotilla.protocol.LeaseKeepAliveRequest;
import flotilla.protocol.LeaseKeepAliveResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** A keep-alive stream used as if it were a call: one renewal, one answer. */
final class RenewalStream implements StreamObserver<LeaseKeepAliveResponse> {
    private static final int DEADLINE_SECONDS = 15;

    private final BlockingQueue<LeaseKeepAliveResponse> answers = new ArrayBlockingQueue<>(16);
    private final StreamObserver<LeaseKeepAliveRequest> requests;

    RenewalStream(Channel channel) {
        requests = LeaseGrpc.newStub(channel).leaseKeepAlive(this);
    }

    LeaseKeepAliveResponse renew(LeaseKeepAliveRequest request) {
        requests.onNext(request);
        try {
            LeaseKeepAliveResponse answer = answers.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw Status.DEADLINE_EXCEEDED.withDescription("no renewal").asRuntimeException();
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Status.CANCELLED.withCause(e).asRuntimeException();
        }
    }

    @Override
    public void onNext(LeaseKeepAliveResponse answer) {
        answers.add(answer);
    }

    /** The next renewal finds no answer and reports it. */
    @Override
    public void onError(Throwable error) {
        answers.clear();
    }

    @Override
    public void onCompleted() {
        answers.clear();
    }
}
