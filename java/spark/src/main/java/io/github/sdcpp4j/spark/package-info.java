/**
 * Batches of pictures on the executors of an Apache Spark cluster. Start at {@link io.github.sdcpp4j.spark.SparkImages};
 * {@link io.github.sdcpp4j.spark.Main} is the application for {@code spark-submit}.
 */
package io.github.sdcpp4j.spark;
