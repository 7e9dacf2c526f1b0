package flotilla.conformance.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import flotilla.conformance.Checkout;
import flotilla.conformance.house.Rooms.Fence;
import flotilla.conformance.house.Rooms.Pure;
import flotilla.conformance.house.Rooms.Room;
import flotilla.conformance.house.Rooms.Timeless;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of ARCHITECTURE.md, checked on the compiled classes. */
class ArrowsTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("flotilla");

    static Stream<Room> rooms() {
        return Rooms.ROOMS.stream();
    }

    static Stream<Pure> pure() {
        return Rooms.PURE.stream();
    }

    static Stream<Timeless> timeless() {
        return Rooms.TIMELESS.stream();
    }

    static Stream<Fence> fences() {
        return Rooms.FENCES.stream();
    }

    @Test
    void every_module_is_a_room_of_the_plan() {
        List<String> planned = Rooms.ROOMS.stream().map(Room::name).toList();
        List<String> built =
                Checkout.here().files(name -> name.matches("modules/[^/]+/pom\\.xml")).stream()
                        .map(pom -> Checkout.here().name(pom).split("/")[1])
                        .filter(name -> !name.equals("conformance"))
                        .toList();

        assertThat(built)
                .as("each module has its line in Rooms.ROOMS, which says whom it may know")
                .containsExactlyInAnyOrderElementsOf(planned);
        assertThat(CLASSES).as("classes to check are on the class path").isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void a_room_knows_only_those_the_plan_lets_it_know(Room room) {
        String[] strangers =
                Rooms.ROOMS.stream()
                        .filter(other ->
                                !other.equals(room) && !room.knows().contains(other.name()))
                        .map(Room::packages)
                        .toArray(String[]::new);

        noClasses()
                .that()
                .resideInAPackage(room.packages())
                .should()
                .dependOnClassesThat(resideInAnyPackage(strangers))
                .because(
                        room.name()
                                + " may know "
                                + room.knows()
                                + ": move the code to the room it belongs in, or hand the thing in"
                                + " as a parameter (Rooms.java and ARCHITECTURE.md hold the plan)")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void packages_of_a_room_know_each_other_without_a_circle() {
        slices().assignedFrom(new Packages())
                .should()
                .beFreeOfCycles()
                .because("a circle is one package in two: merge them, or move what both need")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("pure")
    void a_core_touches_nothing_of_the_world(Pure pure) {
        noClasses()
                .that()
                .resideInAPackage(pure.packages())
                .and(areNot(pure.except()))
                .should()
                .dependOnClassesThat(World.types())
                .orShould()
                .callMethodWhere(World.clockOrChance())
                .because(
                        "cores decide and others do: take time, bytes or randomness as a parameter,"
                                + " return an action instead of acting (STYLE.md)")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("timeless")
    void time_passes_only_in_loops(Timeless room) {
        noClasses()
                .that()
                .resideInAPackage(room.packages())
                .and(areOutside(room.loops()))
                .should()
                .callMethodWhere(World.passingTime())
                .because(
                        "only a loop reads a clock, sleeps or starts a thread: take a Clock or the"
                                + " time as a parameter, and have a loop wait (STYLE.md)")
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("fences")
    void a_library_stays_behind_its_fence(Fence fence) {
        noClasses()
                .that()
                .resideInAPackage("flotilla..")
                .and()
                .resideOutsideOfPackages(fence.only().toArray(String[]::new))
                .and()
                .resideOutsideOfPackage("flotilla.conformance..")
                .should()
                .dependOnClassesThat(resideInAPackage(fence.library()))
                .because(fence.reason())
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void provision_knows_the_store_only_where_it_wires_a_machine() {
        noClasses()
                .that()
                .resideInAPackage("flotilla.provision..")
                .and()
                .resideOutsideOfPackage("flotilla.provision.machine..")
                .should()
                .dependOnClassesThat(resideInAPackage("flotilla.store.."))
                .because(
                        "the embedded store is a choice: only flotilla.provision.machine starts one")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void the_plan_itself_has_no_arrow_back() {
        List<String> order = Rooms.ROOMS.stream().map(Room::name).toList();
        for (Room room : Rooms.ROOMS) {
            assertThat(room.knows())
                    .as("rooms that %s may know stand before it", room.name())
                    .allMatch(other -> order.indexOf(other) < order.indexOf(room.name()));
            assertThat(Files.isDirectory(Checkout.here().root().resolve("modules/" + room.name())))
                    .as("modules/%s exists", room.name())
                    .isTrue();
        }
    }

    /** Each package on its own, a room's root too: what wires stands above what it wires. */
    private static final class Packages implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().startsWith("flotilla.")
                    ? SliceIdentifier.of(type.getPackageName())
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "packages of flotilla";
        }
    }

    private static DescribedPredicate<JavaClass> areNot(List<String> names) {
        return DescribedPredicate.describe(
                "are not one of " + names,
                type -> names.stream().noneMatch(name -> outermost(type).equals(name)));
    }

    private static DescribedPredicate<JavaClass> areOutside(List<String> loops) {
        return DescribedPredicate.describe(
                "are none of the loops " + loops,
                type ->
                        !loops.contains(type.getPackageName())
                                && !loops.contains(type.getPackageName() + "." + outermost(type)));
    }

    private static String outermost(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}
