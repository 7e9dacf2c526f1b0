package flotilla.fleet.api;

import flotilla.platform.http.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which page: two little-endian 16-bit numbers in URL-safe base64, as fleet's. Pages are no
 * snapshot: what changes between two requests may be missed or seen twice.
 *
 * @param page from 1
 */
record PageToken(int limit, int page) {
    private static final int BYTES = 4;

    static PageToken of(Optional<String> text, int limit) throws ApiException {
        if (text.isEmpty() || text.get().isEmpty()) {
            return new PageToken(limit, 1);
        }
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.get()))
                            .order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() == BYTES) {
                int tokenLimit = Short.toUnsignedInt(bytes.getShort());
                int page = Short.toUnsignedInt(bytes.getShort());
                if (tokenLimit == limit && page > 0) {
                    return new PageToken(limit, page);
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "invalid value for nextPageToken: " + e.getMessage());
        }
        throw new ApiException(400, "invalid value for nextPageToken");
    }

    String text() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) limit).putShort((short) page);
        return Base64.getUrlEncoder().encodeToString(bytes.array());
    }

    /**
     * Answers with this page of all there is.
     *
     * @param field what the list is called
     * @param shown what a client sees of it
     */
    <T, B> Response answer(List<T> all, String field, Function<List<T>, List<B>> shown) {
        Page<B> page = new Page<>(shown.apply(of(all)), next(all.size()).orElse(""));
        return Response.json(200, page.json(field));
    }

    <T> List<T> of(List<T> all) {
        int from = (int) Math.min(all.size(), (page - 1L) * limit);
        return all.subList(from, (int) Math.min(all.size(), (long) from + limit));
    }

    /** Absent after the last page. */
    Optional<String> next(int total) {
        return (long) page * limit < total
                ? Optional.of(new PageToken(limit, page + 1).text())
                : Optional.empty();
    }
}
