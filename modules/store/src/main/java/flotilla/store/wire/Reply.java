package flotilla.store.wire;

import flotilla.store.apply.Applied;
import flotilla.store.apply.refusal.EtcdError;
import flotilla.store.apply.refusal.EtcdException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How futures become answers, and failures the codes and texts that etcd's clients match on. */
final class Reply {
    private static final Logger log = LoggerFactory.getLogger(Reply.class);

    private Reply() {}

    /** Answers a unary call when the future completes, on the thread that completes it. */
    static <T> void with(StreamObserver<T> observer, CompletableFuture<T> answer) {
        onEnd(observer, () -> {});
        deliver(observer, answer);
    }

    /** As {@link #with}, for work that may refuse the request before it begins. */
    static <T> void with(StreamObserver<T> observer, Supplier<CompletableFuture<T>> work) {
        with(observer, begun(work));
    }

    /**
     * As above, for an answer that may be large: its room is given back when the answer has left,
     * or the client has gone.
     */
    static <T> void with(
            StreamObserver<T> observer,
            CallRoom room,
            Function<CallRoom, CompletableFuture<T>> work) {
        onEnd(observer, room::close);
        deliver(observer, begun(() -> work.apply(room)));
    }

    private static <T> CompletableFuture<T> begun(Supplier<CompletableFuture<T>> work) {
        try {
            return work.get();
        } catch (EtcdException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static <T> void deliver(StreamObserver<T> observer, CompletableFuture<T> answer) {
        answer.whenComplete(
                        (message, failure) -> {
                            if (failure != null) {
                                observer.onError(status(failure));
                            } else {
                                observer.onNext(message);
                                observer.onCompleted();
                            }
                        })
                .exceptionally(failure -> {
                    log.debug("answer not delivered: {}", failure.toString());
                    return null;
                });
    }

    static <T> void refuse(StreamObserver<T> observer, EtcdError error) {
        observer.onError(failure(error));
    }

    /** A client that went away is no failure: what is sent to it then is dropped silently. */
    private static void onEnd(StreamObserver<?> observer, Runnable end) {
        if (observer instanceof ServerCallStreamObserver<?> call) {
            call.setOnCancelHandler(end);
            call.setOnCloseHandler(end);
        }
    }

    /** The response inside, or the refusal as an exception. */
    static <T> Function<Applied, T> done(Class<T> type) {
        return applied ->
                switch (applied) {
                    case Applied.Done done -> type.cast(done.response());
                    case Applied.Refused refused -> throw new EtcdException(refused.error());
                };
    }

    static StatusRuntimeException status(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case EtcdException e -> failure(e.error());
            case StatusRuntimeException e -> e;
            case RejectedExecutionException e -> failure(EtcdError.TOO_MANY_REQUESTS);
            default -> {
                log.error("request failed", cause);
                yield Status.UNKNOWN
                        .withDescription("etcdserver: " + cause)
                        .withCause(cause)
                        .asRuntimeException();
            }
        };
    }

    /** A refusal in gRPC's words: etcd's code and text. */
    static Status status(EtcdError error) {
        return Status.Code.valueOf(error.code().name()).toStatus().withDescription(error.text());
    }

    private static StatusRuntimeException failure(EtcdError error) {
        return status(error).asRuntimeException();
    }
}
