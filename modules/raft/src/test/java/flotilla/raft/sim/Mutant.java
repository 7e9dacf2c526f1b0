package flotilla.raft.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The core with one line changed: compiled from its source, loaded beside the right one, and put
 * through the same simulation. So the product needs no switches for bugs, and a bug whose line is
 * no longer there is noticed.
 */
final class Mutant extends ClassLoader {
    private static final Path SOURCES = Path.of("src/main/java/flotilla/raft");
    private static final String OURS = "flotilla.raft.";

    private final Map<String, byte[]> changed = new HashMap<>();

    /**
     * @param file below the core's sources
     * @param right a text that stands in it once
     * @param wrong what stands there instead
     */
    Mutant(String file, String right, String wrong) {
        super(Mutant.class.getClassLoader());
        try {
            String source = Files.readString(SOURCES.resolve(file));
            int at = source.indexOf(right);
            if (at < 0 || source.indexOf(right, at + 1) >= 0) {
                throw new IllegalStateException(
                        file + " must hold this once, to plant a bug there: " + right);
            }
            compile(file, source.substring(0, at) + wrong + source.substring(at + right.length()));
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + file, e);
        }
    }

    private void compile(String file, String source) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        JavaFileObject text =
                new SimpleJavaFileObject(
                        URI.create("string:///" + file), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled =
                    compiler.getTask(
                                    messages,
                                    new InMemory(files),
                                    null,
                                    List.of("-nowarn", "-proc:none"),
                                    null,
                                    List.of(text))
                            .call();
            if (!compiled) {
                throw new IllegalStateException("the planted bug doesn't compile: " + messages);
            }
        }
    }

    /** As {@link Simulation#run}, with this core. */
    String run(long seed, int events) {
        return call("Simulation", "run", seed, events);
    }

    /** As {@link Scene#replay}, with this core. */
    String replay(String transcript) {
        return call("Scene", "replay", transcript);
    }

    private String call(String type, String method, Object... arguments) {
        try {
            for (Method candidate : loadClass(OURS + "sim." + type).getDeclaredMethods()) {
                if (candidate.getName().equals(method)) {
                    candidate.setAccessible(true);
                    return (String) candidate.invoke(null, arguments);
                }
            }
            throw new IllegalStateException(type + " has no method " + method);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("calling " + type + "." + method, e);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                bytes = in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            changed.put(name, toByteArray());
                        }
                    };
                }
            };
        }
    }
}
