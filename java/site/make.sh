#!/usr/bin/env bash
# The javadoc of all published artifacts as one site: java/site/target/index.html. Maven's own aggregate cannot do it: the library
# is a module, and the frameworks' adapters are none, as the frameworks themselves.
#
#   make.sh [MAVEN ARGUMENT]...     such as -Dsdcpp4j.library.path=DIR, which builds nothing native
set -euo pipefail

site=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$site/../.." && pwd)
javadoc=
for candidate in ${JAVA_HOME:+"$JAVA_HOME/bin/javadoc"} javadoc /usr/lib/jvm/*/bin/javadoc; do
    version=$("$candidate" --version 2>/dev/null | grep -oE '[0-9]+' | head -n 1) || true
    if [ "${version:-0}" -ge 22 ]; then
        javadoc=$candidate
        break
    fi
done
[ -n "$javadoc" ] || { echo "make.sh: no JDK 22 or newer is in JAVA_HOME, on the PATH or in /usr/lib/jvm: set JAVA_HOME to one." >&2; exit 1; }

published=(java/sdcpp4j java/langchain4j java/spring/ai java/spring/autoconfigure java/spark)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# what they are compiled against: the frameworks, and the folders of classes of the artifacts here
cd "$root"
modules=$(IFS=,; echo "${published[*]}")
mvn -B -ntp -q "$@" -pl "$modules" -am -DskipTests package \
    org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -DincludeScope=compile -Dmdep.outputFile=target/class-path

class_path=
: > "$work/files"
for module in "${published[@]}"; do
    class_path=$class_path:$module/target/classes:$(cat "$module/target/class-path")
    # the public packages; without module-info.java all are in the unnamed module
    find "$module/src/main/java" -name '*.java' -not -name module-info.java -not -path '*/io/github/sdcpp4j/internal/*' >> "$work/files"
done

rm -rf "$site/target"
"$javadoc" -quiet -Xdoclint:all -Werror -encoding UTF-8 -d "$site/target" -overview "$site/overview.html" \
    -doctitle sdcpp4j -windowtitle sdcpp4j -notimestamp -classpath "${class_path#:}" @"$work/files"
echo "java/site/target/index.html"
