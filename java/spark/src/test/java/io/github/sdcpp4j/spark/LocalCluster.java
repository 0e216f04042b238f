package io.github.sdcpp4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Spark on this machine; with a master {@code local-cluster[N,cores,MiB]} the executors are JVMs of their own. */
final class LocalCluster {

    private LocalCluster() {}

    /** Wants the environment variables SPARK_HOME, a folder for executors' logs, and SPARK_SCALA_VERSION. */
    static SparkSession start(String master) {
        try {
            // where Spark's launcher looks for jars: none there, ours are on the class path
            Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return SparkSession.builder()
                .master(master)
                .appName("sdcpp4j test")
                .config("spark.ui.enabled", false)
                .config("spark.sql.shuffle.partitions", 4)
                .config("spark.sql.codegen.wholeStage", false)
                .config("spark.sql.artifact.isolation.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
                .config("spark.executorEnv.OMP_WAIT_POLICY", "passive")
                // the rest of what an executor needs of the JVM comes from Spark's launcher
                .config("spark.executor.extraJavaOptions", String.join(" ",
                        property("sdcpp4j.library.path"), property("sdcpp4j.cache.dir"), "-Djava.awt.headless=true", "-XX:TieredStopAtLevel=1"))
                .getOrCreate();
    }

    private static String property(String name) {
        return System.getProperty(name) == null ? "" : "-D%s=%s".formatted(name, System.getProperty(name));
    }

    /** The executors' processes. */
    static List<ProcessHandle> executors() {
        return ProcessHandle.current().children().filter(child -> child.info().command().orElse("").endsWith("java")).toList();
    }

    /** The processes that executors run their models in. */
    static List<ProcessHandle> workers() {
        return executors().stream().flatMap(ProcessHandle::children).toList();
    }
}
