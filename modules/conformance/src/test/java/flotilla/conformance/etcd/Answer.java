package flotilla.conformance.etcd;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import flotilla.protocol.LeaseLeasesResponse;
import flotilla.protocol.LeaseStatus;
import flotilla.protocol.LeaseTimeToLiveResponse;
import flotilla.protocol.ResponseHeader;
import io.grpc.StatusRuntimeException;
import java.util.Comparator;
import java.util.List;

/**
 * What a server said, with what may differ between two equal servers taken out: ids and terms in
 * the header, the order of lease lists, the seconds that have passed on a lease.
 *
 * @param text comparable
 * @param revision the header's; 0 for errors
 * @param refused whether it was an error
 */
record Answer(String text, long revision, boolean refused) {
    /** Seconds that a lease may have lost since it was granted or renewed. */
    private static final long PASSED = 600;

    static Answer of(Message response) {
        Message bare = bareHeader(orderless(response));
        return new Answer(print(bare), revisionOf(response), false);
    }

    static Answer of(StatusRuntimeException error) {
        return new Answer(
                error.getStatus().getCode() + ": " + error.getStatus().getDescription(), 0, true);
    }

    static String print(Message message) {
        return message.getDescriptorForType().getName()
                + " { "
                + TextFormat.printer().emittingSingleLine(true).printToString(message)
                + " }";
    }

    private static Message orderless(Message response) {
        if (response instanceof LeaseLeasesResponse leases) {
            List<LeaseStatus> sorted =
                    leases.getLeasesList().stream()
                            .sorted(Comparator.comparingLong(LeaseStatus::getID))
                            .toList();
            return leases.toBuilder().clearLeases().addAllLeases(sorted).build();
        }
        if (response instanceof LeaseTimeToLiveResponse lease) {
            List<ByteString> sorted =
                    lease.getKeysList().stream()
                            .sorted(ByteString.unsignedLexicographicalComparator())
                            .toList();
            LeaseTimeToLiveResponse.Builder answer =
                    lease.toBuilder().clearKeys().addAllKeys(sorted);
            long passed = lease.getGrantedTTL() - lease.getTTL();
            if (lease.getTTL() > 0 && passed >= 0 && passed < PASSED) {
                answer.setTTL(lease.getGrantedTTL());
            }
            return answer.build();
        }
        return response;
    }

    /** Leaves of every header, at any depth, only the revision. */
    private static Message bareHeader(Message message) {
        if (message instanceof ResponseHeader header) {
            return ResponseHeader.newBuilder().setRevision(header.getRevision()).build();
        }
        Message.Builder builder = message.toBuilder();
        message.getAllFields()
                .forEach((field, value) -> {
                    if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                        return;
                    }
                    if (field.isRepeated()) {
                        List<?> parts = (List<?>) value;
                        for (int i = 0; i < parts.size(); i++) {
                            builder.setRepeatedField(field, i, bareHeader((Message) parts.get(i)));
                        }
                    } else {
                        builder.setField(field, bareHeader((Message) value));
                    }
                });
        return builder.build();
    }

    private static long revisionOf(Message response) {
        FieldDescriptor field = response.getDescriptorForType().findFieldByName("header");
        return field == null ? 0 : ((ResponseHeader) response.getField(field)).getRevision();
    }
}
