package io.github.sdcpp4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.MemorySegment;

/** The rules of the house. */
@AnalyzeClasses(packages = "io.github.sdcpp4j", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] PUBLIC = {"io.github.sdcpp4j", "io.github.sdcpp4j.components", "io.github.sdcpp4j.schedulers",
        "io.github.sdcpp4j.spi"};

    @ArchTest
    static final ArchRule onlyInternalCodeCallsTheBindings = noClasses()
            .that().resideInAnyPackage(PUBLIC)
            .should().dependOnClassesThat().resideInAPackage("io.github.sdcpp4j.internal.bindings");

    @ArchTest
    static final ArchRule noNativeMemoryInThePublicPackages = noClasses()
            .that().resideInAnyPackage(PUBLIC)
            .should().dependOnClassesThat().resideInAPackage("java.lang.foreign");

    @ArchTest
    static final ArchRule theHeaderReadersDoWithoutNativeCode = noClasses()
            .that().resideInAPackage("io.github.sdcpp4j.internal.checkpoint")
            .should().dependOnClassesThat().resideInAnyPackage("io.github.sdcpp4j.internal.bindings", "java.lang.foreign");

    @ArchTest
    static final ArchRule picturesAreWorkedOnWithoutNativeCode = noClasses()
            .that().resideInAPackage("io.github.sdcpp4j.internal.images")
            .should().dependOnClassesThat().resideInAnyPackage("io.github.sdcpp4j.internal.bindings", "io.github.sdcpp4j.internal");

    @ArchTest
    static final ArchRule theLibraryIsLoadedWithoutWhatUsesIt = noClasses()
            .that().resideInAPackage("io.github.sdcpp4j.internal.library")
            .should().dependOnClassesThat().resideInAPackage("io.github.sdcpp4j.internal");

    @ArchTest
    static final ArchRule nothingIsPrintedAndNothingExits = noClasses()
            .that().resideOutsideOfPackages("io.github.sdcpp4j.internal.bindings", "io.github.sdcpp4j.testkit")
            .should().accessField(System.class, "out")
            .orShould().accessField(System.class, "err")
            .orShould().callMethod(System.class, "exit", int.class);

    @ArchTest
    static final ArchRule noReflection = noClasses()
            .that().resideOutsideOfPackage("io.github.sdcpp4j.internal.bindings")
            .should().dependOnClassesThat().resideInAPackage("java.lang.reflect");

    @ArchTest
    static final ArchRule rawAddressesStayInside = methods()
            .that().areDeclaredInClassesThat().resideInAnyPackage(PUBLIC)
            .should().notHaveRawReturnType(MemorySegment.class);
}
