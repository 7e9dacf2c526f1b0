package flotilla.fleet.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Which page, in URL-safe base64: two little-endian 16-bit numbers, as fleet's, and behind them the
 * name of the last item of the page before, by which it is found again without reading all those
 * pages. fleet's own form, without a name, is taken too. Pages are no snapshot: what changes
 * between two requests may be missed or seen twice.
 *
 * @param page from 1; the last number stands for all later ones
 * @param after empty for the first page, or when it is not known
 */
record PageToken(int limit, int page, String after) {
    private static final int BYTES = 4;
    private static final int PAGE_MAX = 0xffff;

    static PageToken first(int limit) {
        return new PageToken(limit, 1, "");
    }

    static PageToken of(Optional<String> text, int limit) throws ApiException {
        if (text.isEmpty() || text.get().isEmpty()) {
            return first(limit);
        }
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.get()))
                            .order(ByteOrder.LITTLE_ENDIAN);
            if (bytes.remaining() >= BYTES) {
                int tokenLimit = Short.toUnsignedInt(bytes.getShort());
                int page = Short.toUnsignedInt(bytes.getShort());
                String after = StandardCharsets.UTF_8.decode(bytes).toString();
                PageToken token = new PageToken(limit, page, after);
                boolean ours = token.text().equals(text.get()) && tokenLimit == limit && page > 0;
                if (ours && after.chars().noneMatch(Character::isISOControl)) {
                    return token;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new ApiException(400, "invalid value for nextPageToken: " + e.getMessage());
        }
        throw new ApiException(400, "invalid value for nextPageToken");
    }

    String text() {
        byte[] name = after.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(BYTES + name.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) limit).putShort((short) page).put(name);
        return Base64.getUrlEncoder().encodeToString(bytes.array());
    }

    /** The page after this one, whose last item is of this name. */
    PageToken next(String last) {
        return new PageToken(limit, Math.min(page + 1, PAGE_MAX), last);
    }

    /** How many items come before this page. */
    int skipped() {
        return (int) Math.min(Integer.MAX_VALUE, (page - 1L) * limit);
    }
}
