package flotilla.conformance.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import flotilla.platform.door.Admission;
import flotilla.platform.http.Handler;
import flotilla.platform.http.HttpLimits;
import flotilla.platform.http.HttpServer;
import io.netty.channel.ChannelFactory;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every port and socket that somebody can come to, fleet's and discovery's among them, stands
 * behind the one part that bounds its connections and cuts who leaves an answer unread. What that
 * part does is proved where it lives (AdmissionTest, UnreadTest), and at the store's port
 * (SlowClientTest, GatewayUnreadTest).
 */
class DoorsTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
                    .withImportOption(inTheHouse())
                    .importPackages("flotilla");

    /** HTTP of all rooms; gRPC and the gateway; the other members. */
    private static final String[] OPENERS = {
        "flotilla.platform.http.HttpServer",
        "flotilla.store.wire.EtcdPort",
        "flotilla.store.log.peer.Door"
    };

    /** These take a port to see whether it is free, and serve nobody. */
    private static final String[] TRIERS = {
        "flotilla.provision.process.PortHolder", "flotilla.store.EmbeddedEtcd"
    };

    /** What looks at the whole, and what only tests stand on, serves nobody. */
    private static ImportOption inTheHouse() {
        return location -> !location.contains("/conformance/") && !location.contains("/proof/");
    }

    private static DescribedPredicate<JavaClass> named(String[]... names) {
        List<String> all = Stream.of(names).flatMap(Stream::of).toList();
        return DescribedPredicate.describe(
                "that may do so",
                tested ->
                        all.stream()
                                .anyMatch(name ->
                                        tested.getName().equals(name)
                                                || tested.getName().startsWith(name + "$")));
    }

    private static DescribedPredicate<JavaClass> called(String... simpleNames) {
        return DescribedPredicate.describe(
                "called " + String.join(" or ", simpleNames),
                type -> List.of(simpleNames).contains(type.getSimpleName()));
    }

    @Test
    void nobody_else_opens_a_port() {
        noClasses()
                .that(DescribedPredicate.not(named(OPENERS, TRIERS)))
                .should()
                .dependOnClassesThat(
                        belongToAnyOf(ServerSocket.class, ServerSocketChannel.class)
                                .or(resideInAPackage("com.sun.net.httpserver.."))
                                .or(called("ServerBootstrap", "NettyServerBuilder")))
                .because("a port of its own has no limits: serve through HttpServer")
                .check(CLASSES);
    }

    @Test
    void who_opens_one_lets_its_clients_in_by_the_tested_part() {
        classes()
                .that(named(OPENERS))
                .and()
                .areTopLevelClasses()
                .should()
                .callMethod(Admission.class, "guarding", ChannelFactory.class)
                .check(CLASSES);
    }

    @Test
    void no_server_has_other_limits_than_those_for_all() {
        noClasses()
                .that(DescribedPredicate.not(resideInAPackage("flotilla.platform.http..")))
                .should()
                .callConstructor(HttpLimits.class, int.class, long.class, int.class)
                .orShould()
                .callMethod(
                        HttpServer.class,
                        "listen",
                        SocketAddress.class,
                        Handler.class,
                        HttpLimits.class)
                .because("limits are set in one place, from the heap")
                .check(CLASSES);
    }
}
