package flotilla.platform.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import flotilla.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One JSON object a line, with etcd's names for the fields. */
final class JsonLines extends EncoderBase<ILoggingEvent> {
    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        line.put("ts", Instant.ofEpochMilli(event.getTimeStamp()).toString());
        line.put("logger", event.getLoggerName());
        line.put("msg", String.valueOf(event.getFormattedMessage()));
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.put("error", String.valueOf(thrown.getMessage()));
            line.put("stacktrace", ThrowableProxyUtil.asString(thrown));
        }
        return (Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
