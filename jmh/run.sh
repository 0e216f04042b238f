#!/bin/sh
# The same work in C and in Java, one after the other, on the same library, checkpoint and number of threads.
set -eu

usage() {
    cat <<'END'
usage: run.sh [--quick | --full] [--model FILE] [--threads N] [--native DIR] [-- JMH OPTIONS]

  --full         enough samples for figures to be quoted: about 6 minutes (default)
  --quick        a first look: about 2 minutes
  --model FILE   a checkpoint; by default a small one, written once
  --threads N    CPU threads for a picture; all processors by default
  --native DIR   where the native build is: the folder with bin/ and lib/ that it installs, or the build folder itself;
                 native/build/cpu by default
  JMH OPTIONS    for the Java side, such as -prof gc

The table goes to the terminal; it, the figures as JSON and JMH's logs go to jmh/target/results.
END
}

die() {
    echo "run.sh: $*" >&2
    exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
effort=full
model=
threads=$(getconf _NPROCESSORS_ONLN)
native=
while [ $# -gt 0 ]; do
    case $1 in
        --quick) effort=quick ;;
        --full) effort=full ;;
        --model | --threads | --native)
            [ $# -ge 2 ] || die "$1 needs a value: see --help"
            case $1 in
                --model) model=$2 ;;
                --threads) threads=$2 ;;
                --native) native=$2 ;;
            esac
            shift
            ;;
        -h | --help) usage; exit 0 ;;
        --) shift; break ;;
        *) die "there is no option $1: see --help" ;;
    esac
    shift
done

# --- what is needed --------------------------------------------------------------------------------------------
java=
for candidate in ${JAVA_HOME:+"$JAVA_HOME/bin/java"} java; do
    version=$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.version = //p') || true
    feature=${version%%[!0-9]*}
    if [ "${feature:-0}" -ge 22 ]; then
        java=$candidate
        break
    fi
done
[ -n "$java" ] || die "neither JAVA_HOME nor java on the PATH is a JDK 22 or newer: set JAVA_HOME to one."

jar=$here/target/benchmarks.jar
[ -f "$jar" ] || die "$jar is missing: build it with \`mvn package -DskipTests\` in $root."

# Sets bench and library from the first folder that has both.
find_native() {
    for folder in "$@"; do
        if [ -x "$folder/bin/sdcpp4j-bench" ]; then
            bench=$folder/bin/sdcpp4j-bench library=$folder/lib
            return
        elif [ -x "$folder/bench/sdcpp4j-bench" ]; then
            bench=$folder/bench/sdcpp4j-bench library=$folder
            return
        fi
    done
    die "sdcpp4j-bench is in none of: $*. Build it with \`mvn package -DskipTests\` in $root, or name its folder" \
        "with --native."
}

if [ -n "$native" ]; then
    find_native "$native"
else
    find_native "$root/native/build/cpu/install" "$root/native/build/cpu"
fi

results=$here/target/results
mkdir -p "$results"
rm -f "$results"/*
if [ -z "$model" ]; then
    model=$("$java" -Dsdcpp4j.fixtures="$root/java/testkit/target/fixtures" -cp "$jar" io.github.sdcpp4j.jmh.BenchmarkModel)
fi

# --- C, then Java ----------------------------------------------------------------------------------------------
case $effort in
    quick) c_options=--quick pieces='-f 1 -wi 3 -w 500ms -i 3 -r 500ms' pictures='-f 1 -wi 1 -i 1' ;;
    full) c_options= pieces= pictures= ;;
esac

# jmh NAME BENCHMARKS OPTIONS...
jmh() {
    name=$1
    shift
    "$java" --enable-native-access=ALL-UNNAMED -Dsdcpp4j.library.path="$library" -Dsdcpp4j.jmh.model="$model" \
        -Dsdcpp4j.jmh.threads="$threads" -jar "$jar" -foe true -rf json -rff "$results/$name.json" -o "$results/$name.log" \
        "$@" 2>"$results/$name.err" || die "JMH failed: $results/$name.log and $name.err say why."
}

echo "C: $bench" >&2
# shellcheck disable=SC2086 # the options are words
"$bench" time --model "$model" --threads "$threads" $c_options >"$results/c.jsonl"
echo "Java: $jar" >&2
# shellcheck disable=SC2086
jmh java-pieces 'CallBenchmark|RequestBenchmark|PixelsBenchmark' $pieces "$@"
# shellcheck disable=SC2086
jmh java-pictures 'LoadBenchmark|GenerateBenchmark' $pictures "$@"

{
    echo "Java $version, $threads threads, $library"
    echo
    "$java" "$here/Table.java" "$results/c.jsonl" "$results/java-pieces.json" "$results/java-pictures.json"
} >"$results/table.md"
cat "$results/table.md"
