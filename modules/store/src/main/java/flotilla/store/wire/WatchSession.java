package flotilla.store.wire;

import flotilla.protocol.WatchRequest;
import flotilla.protocol.WatchResponse;
import flotilla.store.apply.refusal.EtcdException;
import flotilla.store.watch.WatchHub;
import flotilla.store.watch.WatchSink;
import flotilla.store.watch.WatchStream;

/** One client's watch stream between the protocol and the hub. */
final class WatchSession implements WatchSink, Outlet.Source {
    private final Identity identity;
    private final Outlet<WatchResponse> outlet;
    private final WatchStream stream;
    private final Outflow outflow;
    private final Outflow.Part part;

    WatchSession(Identity identity, WatchHub hub, Outflow outflow, Outlet<WatchResponse> outlet) {
        this.identity = identity;
        this.outlet = outlet;
        this.outflow = outflow;
        this.part = outflow.part();
        this.stream = hub.open(this);
    }

    /** Every request is answered on the stream; the order of answers is the hub's. */
    void take(WatchRequest request) {
        try {
            switch (request.getRequestUnionCase()) {
                case CREATE_REQUEST -> stream.create(request.getCreateRequest());
                case CANCEL_REQUEST -> stream.cancel(request.getCancelRequest().getWatchId());
                case PROGRESS_REQUEST -> stream.progress();
                case REQUESTUNION_NOT_SET -> {}
            }
        } catch (EtcdException e) {
            fail(e);
        }
    }

    void fail(EtcdException failure) {
        close();
        outlet.fail(Reply.status(failure));
    }

    @Override
    public boolean ready() {
        return outlet.ready();
    }

    @Override
    public long room() {
        return outflow.room();
    }

    @Override
    public void send(WatchResponse response) {
        part.add(response.getSerializedSize());
        outlet.send(response.toBuilder().setHeader(identity.header(response.getHeader())).build());
        if (outlet.ready()) {
            part.taken();
        }
    }

    @Override
    public void resume() {
        part.taken();
        stream.resume();
    }

    @Override
    public void close() {
        part.end();
        stream.close();
    }
}
