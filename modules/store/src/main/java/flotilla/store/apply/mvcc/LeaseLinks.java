package flotilla.store.apply.mvcc;

import com.google.protobuf.ByteString;

/** What writing keys needs to know of leases. */
public interface LeaseLinks {
    boolean exists(long leaseId);

    void attach(long leaseId, ByteString key);

    void detach(long leaseId, ByteString key);
}
