#!/usr/bin/env bash
# A thousand small pictures in one process, on one executor, on two, and on two of which one is killed in the middle: prints
# pictures a second, and whether all are equal byte for byte. Executors are processes of their own, each on a core of its own.
#
#   thousand.sh [ROWS] [MAVEN ARGUMENT]...     such as thousand.sh 1000 -Dsdcpp4j.library.path=DIR, which builds nothing native
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
rows=1000
if [[ ${1:-} =~ ^[0-9]+$ ]]; then
    rows=$1
    shift
fi
cd "$root"
mvn -q "$@" -Pthousand -DskipTests -Dspark.rows="$rows" -pl java/spark -am package
