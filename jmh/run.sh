#!/bin/sh
# All figures of README.md that need no GPU: the same work in C and in Java on the same library, checkpoint and number of threads.
set -eu

usage() {
    cat <<'EOF'
usage: run.sh [--quick | --smoke] [--write] [PART...] [--model FILE] [--threads N] [--native DIR] [--other DIR] [--python VENV]

  --full         enough samples for figures to be quoted (default): about ten minutes
  --quick        a first look, without the file of 2 GB
  --write        puts the tables into jmh/README.md and the chart beside it
  --smoke        a minute: fails when a ratio is clearly off
  PART           only these, of: pieces pairs garbage footprint settings
  --model FILE   a checkpoint; by default a small one, written once
  --threads N    CPU threads for a picture; all processors by default
  --native DIR   where the native build is: the folder with bin/ and lib/ that it installs, or the build folder itself;
                 native/build/cpu by default
  --other DIR    another native build, whose time the part "settings" shows beside the first
  --side PIXELS, --steps N  the picture of the part "settings": 128 and 4 by default
  --python VENV  a Python environment with diffusers and torch, whose memory the part "footprint" shows beside ours

The tables go to the terminal. They, ready to be pasted (README-tables.md), all samples as JSON, JMH's logs and the chart
(figures.svg) go to jmh/target/results.
EOF
}

die() {
    echo "run.sh: $*" >&2
    exit 1
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=$(dirname -- "$here")
effort=full
write=
model=
threads=$(getconf _NPROCESSORS_ONLN)
native=
other=
python=
side=128
steps=4
parts=
while [ $# -gt 0 ]; do
    case $1 in
        --write) write=yes ;;
        --quick | --full | --smoke) effort=${1#--} ;;
        --model | --threads | --native | --other | --python | --side | --steps)
            [ $# -ge 2 ] || die "$1 needs a value: see --help"
            case $1 in
                --model) model=$2 ;;
                --threads) threads=$2 ;;
                --native) native=$2 ;;
                --other) other=$2 ;;
                --python) python=$2 ;;
                --side) side=$2 ;;
                --steps) steps=$2 ;;
            esac
            shift
            ;;
        -h | --help) usage; exit 0 ;;
        pieces | pairs | garbage | footprint | settings) parts="$parts $1" ;;
        *) die "there is no option $1: see --help" ;;
    esac
    shift
done

# --- what is needed --------------------------------------------------------------------------------------------
java=
for candidate in ${JAVA_HOME:+"$JAVA_HOME/bin/java"} java /usr/lib/jvm/*/bin/java; do
    version=$("$candidate" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.version = //p') || true
    feature=${version%%[!0-9]*}
    if [ "${feature:-0}" -ge 22 ]; then
        java=$candidate
        break
    fi
done
[ -n "$java" ] || die "no JDK 22 or newer is in JAVA_HOME, on the PATH or in /usr/lib/jvm: set JAVA_HOME to one."

jar=$here/target/benchmarks.jar
cli=$root/java/cli/target/sdcpp4j-cli.jar
for file in "$jar" "$cli"; do
    [ -f "$file" ] || die "$file is missing: build it with \`mvn package -DskipTests\` in $root."
done

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

other_bench=
if [ -n "$other" ]; then
    find_native "$other"
    other_bench=$bench
fi
if [ -n "$native" ]; then
    find_native "$native"
else
    find_native "$root/native/build/cpu/install" "$root/native/build/cpu"
fi

brief=
case $effort in
    full)
        c_options= pieces='-wi 4 -w 500ms -i 7 -r 500ms' pictures= fours=10 starts=9 loads=3 rounds=3
        parts=${parts:-pieces pairs garbage footprint settings}
        ;;
    quick)
        c_options=--quick pieces='-wi 2 -w 500ms -i 3 -r 500ms' pictures='-wi 1 -i 1' fours=2 starts=3 loads=1 rounds=1
        parts=${parts:-pieces pairs garbage footprint settings}
        ;;
    smoke)
        c_options=--quick pieces='-wi 3 -w 1s -i 3 -r 500ms -p side=512' pictures= fours=3 starts= loads= rounds=
        parts='pieces pairs' brief=yes
        ;;
esac

results=$here/target/results
mkdir -p "$results"
rm -f "$results"/*

# program CLASS OPTIONS...
program() {
    class=$1
    shift
    "$java" --enable-native-access=ALL-UNNAMED -Dsdcpp4j.library.path="$library" -Dsdcpp4j.fixtures="$root/java/testkit/target/fixtures" \
        ${model:+-Dsdcpp4j.jmh.model="$model"} -Dsdcpp4j.jmh.threads="$threads" -cp "$jar" "io.github.sdcpp4j.jmh.$class" "$@"
}

# jmh NAME BENCHMARKS OPTIONS...
jmh() {
    name=$1
    shift
    "$java" --enable-native-access=ALL-UNNAMED -Dsdcpp4j.library.path="$library" -Dsdcpp4j.jmh.model="$model" \
        -Dsdcpp4j.jmh.threads="$threads" -jar "$jar" -foe true -rf json -rff "$results/$name.json" -o "$results/$name.log" \
        "$@" 2>"$results/$name.err" || die "JMH failed: $results/$name.log and $name.err say why."
}

said() {
    echo "$(date -u +%H:%M:%S) $*" >&2
}

[ -n "$model" ] || model=$(program BenchmarkModel)

# --- the parts -------------------------------------------------------------------------------------------------
measure_pieces() {
    # shellcheck disable=SC2086 # the options are words
    "$bench" time $c_options >"$results/c.jsonl"
    case $effort in
        smoke) which='CallBenchmark|RequestBenchmark|PixelsBenchmark.image' ;;
        *) which='CallBenchmark|RequestBenchmark|PixelsBenchmark|FlightBenchmark' ;;
    esac
    # shellcheck disable=SC2086
    jmh java-pieces "$which" $pieces
    program figures.Table --results "$results" --c "$results/c.jsonl" --java "$results/java-pieces.json"
}

measure_pairs() {
    program figures.Pairs --bench "$bench" --results "$results" --threads "$threads" --fours "$fours" --brief "$brief"
}

measure_garbage() {
    # shellcheck disable=SC2086
    jmh java-garbage StepsBenchmark -prof gc $pictures
    program figures.Garbage --results "$results" --java "$results/java-garbage.json"
}

measure_footprint() {
    large=
    if [ "$effort" = full ]; then
        large=$(program LargeModel)
    fi
    program figures.Footprint --bench "$bench" --jar "$cli" --library "$library" --results "$results" --model "$model" \
        --jars "$(ls "$root"/java/sdcpp4j/target/sdcpp4j-*.jar "$root"/native/target/sdcpp4j-natives-*.jar | grep -vE -- '-(sources|javadoc)\.jar$')" \
        --threads "$threads" --starts "$starts" --large "$large" --loads "$loads" --python "$python" \
        --script "$here/diffusers_picture.py"
}

measure_settings() {
    program figures.Settings --bench "$bench" --results "$results" --model "$model" --threads "$threads" --rounds "$rounds" \
        --side "$side" --steps "$steps" \
        --other "$other_bench"
}

for part in $parts; do
    said "$part"
    "measure_$part"
done

if [ "$effort" = smoke ]; then
    program figures.Smoke --results "$results"
    exit
fi

if [ -f "$results/ratios.tsv" ]; then
    program figures.Chart --results "$results" --out "$results/figures.svg"
fi
machine="$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -n 1), $threads threads, Java $version:"
{
    for part in $parts; do
        printf '%s `jmh/run.sh %s`\n\n' "$machine" "$part"
        cat "$results/$part.md"
        echo
    done
} >"$results/README-tables.md"
if [ "$write" = yes ]; then
    program figures.Readme --results "$results" --readme "$here/README.md" --machine "$machine" --parts "$parts"
    if [ -f "$results/figures.svg" ]; then
        cp "$results/figures.svg" "$here/figures.svg"
    fi
fi
said "done: $results/README-tables.md"
