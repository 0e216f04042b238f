#!/usr/bin/env bash
# Builds all jars two times and compares their checksums.
#
#   reproducible.sh [MAVEN ARGUMENT]...     such as -Dsdcpp4j.library.path=DIR, which builds nothing native
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$root"

for build in first second; do
    mvn -B -ntp -q -Prelease -Dmaven.test.skip=true "$@" clean package
    find . -path '*/target/*' \( -name 'sdcpp4j*.jar' -o -name flattened-pom.xml \) -not -path '*/cache/*' -print0 \
        | sort -z | xargs -0 sha256sum > "$work/$build"
done
wc -l < "$work/first" | xargs echo "files compared:"
diff "$work/first" "$work/second" && echo "the same in both builds"
