package flotilla.store.wire;

import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls that may wait long, each on a virtual thread of its own that is interrupted when its client
 * goes away.
 */
final class Waiters {
    /** Calls waiting on one member at once; more are refused with "too many requests". */
    static final int MOST = 10_000;

    private static final Logger log = LoggerFactory.getLogger(Waiters.class);

    private final Semaphore places = new Semaphore(MOST);

    /** What a call does; interrupted when the client has gone. */
    interface Work<A> {
        /**
         * @throws ExecutionException what a request that it made came to
         */
        void run(StreamObserver<A> answers) throws InterruptedException, ExecutionException;
    }

    <A> void run(StreamObserver<A> observer, Work<A> work) {
        if (!places.tryAcquire()) {
            Reply.refuse(observer, EtcdError.TOO_MANY_REQUESTS);
            return;
        }
        Thread thread =
                Thread.ofVirtual()
                        .name("etcd-waiter")
                        .unstarted(() -> {
                            try {
                                work.run(observer);
                                observer.onCompleted();
                            } catch (InterruptedException e) {
                                log.debug("a client that waited has gone");
                            } catch (ExecutionException | RuntimeException e) {
                                observer.onError(unknown(e));
                            } finally {
                                places.release();
                            }
                        });
        if (observer instanceof ServerCallStreamObserver<?> call) {
            call.setOnCancelHandler(thread::interrupt);
        }
        thread.start();
    }

    /** etcd's services of this kind are clients of its own; their errors lose their codes. */
    private static StatusRuntimeException unknown(Exception failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case EtcdException e ->
                    Status.UNKNOWN.withDescription(e.error().text()).asRuntimeException();
            case StatusRuntimeException e -> e;
            default -> Reply.status(cause);
        };
    }

    static StatusRuntimeException refusal(String text) {
        return Status.UNKNOWN.withDescription(text).asRuntimeException();
    }
}
