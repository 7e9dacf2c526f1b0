package flotilla.store.log.driver;

import java.io.IOException;

/** This member is none any more, and never will be again under its id. */
public final class RemovedMember extends IOException {
    private static final long serialVersionUID = 1;

    RemovedMember() {
        super(
                "this member was removed from the cluster: it stops. To take part again it must be"
                        + " added anew (etcdctl member add), with an empty data directory");
    }
}
