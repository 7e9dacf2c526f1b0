package flotilla.store.wire;

import io.grpc.StatusRuntimeException;

/** Where a stream's answers go, gRPC or HTTP. Calls come one at a time. */
interface Outlet<A> {
    /** Whether another answer would go out without piling up here. */
    boolean ready();

    void send(A answer);

    void end();

    void fail(StatusRuntimeException failure);

    /** The other side of an outlet: what feeds it. */
    interface Source {
        /** The outlet is ready again. */
        void resume();

        /** The client has gone. */
        void close();
    }
}
