package io.github.sdcpp4j.spark;

import java.io.Serializable;
import java.nio.file.Path;
import org.apache.spark.SparkFiles;

/**
 * Where executors find a file.
 *
 * @param path a path that is the same on all machines, or an address that Spark fetches
 * @param shipped whether Spark fetches it
 */
record ModelPath(String path, boolean shipped) implements Serializable {

    /** On an executor: the file there. */
    Path resolve() {
        return Path.of(shipped ? SparkFiles.get(path.substring(path.lastIndexOf('/') + 1)) : path);
    }
}
