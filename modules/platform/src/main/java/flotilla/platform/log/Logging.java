package flotilla.platform.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the process' log: to stderr, stdout being for data. Call once, first thing in {@code
 * main}; calling again replaces the set-up.
 */
public final class Logging {
    /** Libraries that say at "info" what only their makers want to know. */
    private static final List<String> CHATTY = List.of("io.netty", "io.grpc", "org.rocksdb");

    /**
     * Netty's search for a hardware address, of which it makes ids of channels. Without a network
     * but loopback it takes a random one, warns, and all is well.
     */
    private static final String NEEDLESS = "io.netty.util.internal.MacAddressUtil";

    /** Tells with a stack trace of each message that a client sent broken, or was refused. */
    private static final String CLIENTS_MISTAKES = "io.grpc.netty.NettyServerStream";

    private Logging() {}

    /** How a line looks. */
    public enum Format {
        /** Time, level, logger, message. */
        TEXT,
        /** One JSON object a line with {@code level}, {@code ts}, {@code logger}, {@code msg}. */
        JSON
    }

    /** Text, from "info" upwards. */
    public static void start() {
        start("info", Format.TEXT);
    }

    /**
     * @param level trace, debug, info, warn (or warning), error or off, as in {@code --log-level}
     * @throws IllegalArgumentException for another word
     */
    public static void start(String level, Format format) {
        Level wanted = level(level);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
        stderr.setContext(context);
        stderr.setTarget("System.err");
        stderr.setEncoder(encoder(context, format));
        stderr.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(wanted);
        root.addAppender(stderr);
        // gRPC and others log through the JDK's own logger: the same levels and form for them.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) ->
                LoggerFactory.getLogger(Logging.class)
                        .error("nobody caught what {} threw", thread.getName(), problem));
        if (wanted.isGreaterOrEqual(Level.INFO)) {
            context.getLogger(NEEDLESS).setLevel(Level.ERROR);
            context.getLogger(CLIENTS_MISTAKES).setLevel(Level.ERROR);
        }
        if (wanted.isGreaterOrEqual(Level.INFO) && !wanted.isGreaterOrEqual(Level.WARN)) {
            CHATTY.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        }
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, Format format) {
        if (format == Format.JSON) {
            JsonLines lines = new JsonLines();
            lines.setContext(context);
            lines.start();
            return lines;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg%n");
        text.start();
        return text;
    }

    private static Level level(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "trace" -> Level.TRACE;
            case "debug" -> Level.DEBUG;
            case "info" -> Level.INFO;
            case "warn", "warning" -> Level.WARN;
            case "error" -> Level.ERROR;
            case "off" -> Level.OFF;
            default ->
                    throw new IllegalArgumentException(
                            "log level \""
                                    + word
                                    + "\" is none of trace, debug, info, warn, error, off");
        };
    }
}
