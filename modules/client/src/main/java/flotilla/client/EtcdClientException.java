package flotilla.client;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/** Why a call to etcd did not answer, by what the caller may conclude from it. */
public abstract sealed class EtcdClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private EtcdClientException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** No member could serve the call; it changed nothing and may be made again. */
    public static final class Unavailable extends EtcdClientException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A write whose fate is unknown: it may have been applied, or may yet be. Read before retrying.
     */
    public static final class Indeterminate extends EtcdClientException {
        private static final long serialVersionUID = 1L;

        public Indeterminate(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The revision asked for is no longer kept: list again and go on from there. */
    public static final class Compacted extends EtcdClientException {
        private static final long serialVersionUID = 1L;
        private final long revision;

        /**
         * @param revision the oldest revision still kept; 0 when the server did not say
         */
        public Compacted(String message, long revision) {
            super(message, null);
            this.revision = revision;
        }

        public long revision() {
            return revision;
        }
    }

    /** The lease has expired, was revoked, or never was. */
    public static final class LeaseNotFound extends EtcdClientException {
        private static final long serialVersionUID = 1L;

        public LeaseNotFound(String message) {
            super(message, null);
        }
    }

    /** The server refused the request as it is; it changed nothing, and would be refused again. */
    public static final class Refused extends EtcdClientException {
        private static final long serialVersionUID = 1L;
        private final Status.Code code;

        public Refused(String message, Status.Code code) {
            super(message, null);
            this.code = code;
        }

        public Status.Code code() {
            return code;
        }
    }
}
