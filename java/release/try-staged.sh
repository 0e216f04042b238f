#!/usr/bin/env bash
# Deploys all artifacts into a folder, then lets a user's project with an empty local repository take them from there and paint.
# The frameworks and plugins come from the registry that Maven is set up for.
#
#   try-staged.sh [MAVEN ARGUMENT]...     such as -Dsdcpp4j.library.path=DIR, which builds nothing native
#
# With a `gradle` on the PATH the same is tried with it. Leaves nothing behind. With STAGING=DIR in the environment that folder is
# filled and kept, or taken as it is when it is there.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
staging=${STAGING:-$work/staging}

fail() { echo "try-staged.sh: $1" >&2; exit 1; }

is_png() { [ "$(head -c 8 "$1" | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a ]; }

[ -d "$staging" ] || echo "== deploying into $staging"
[ -d "$staging" ] || mvn -B -ntp -q -f "$root/pom.xml" -Prelease -Dmaven.test.skip=true -Dmaven.install.skip=true \
    -DaltDeploymentRepository="staging::file://$staging" "$@" deploy
for artifact in sdcpp4j sdcpp4j-demo sdcpp4j-langchain4j sdcpp4j-spring-ai sdcpp4j-spring-boot-autoconfigure sdcpp4j-spring-boot-starter sdcpp4j-spark; do
    for part in sources javadoc; do
        ls "$staging/io/github/sdcpp4j/$artifact"/*/*-"$part".jar >/dev/null || fail "$artifact has no $part jar"
    done
done
! grep -rF '${' "$staging" --include='*.pom' | grep -vF '${project.version}' || fail "these POMs have properties of this build in them"

echo "== a Maven project with an empty local repository"
cp -r "$here/sample" "$work/maven"
mvn -B -ntp -q -f "$work/maven/pom.xml" -Dmaven.repo.local="$work/repository" -Dstaging="file://$staging" package
is_png "$work/maven/target/sample.png" || fail "there is no picture"
elsewhere=$(find "$work/repository/io/github/sdcpp4j" -name _remote.repositories -exec grep -H '>' {} + | grep -v '>staging=' || true)
[ -z "$elsewhere" ] || fail "these did not come from the staging folder: $elsewhere"
echo "   taken from the staging folder: $(find "$work/repository/io/github/sdcpp4j" -name '*.jar' -printf '%f ')"

if command -v gradle >/dev/null; then
    echo "== a Gradle project with an empty cache"
    java22=${JAVA22:-$(ls -d /usr/lib/jvm/*/bin/java | while read -r java; do
        "$java" -version 2>&1 | grep -qE 'version "(2[2-9]|[3-9][0-9])' && echo "$java" && break; done)}
    cp -r "$here/sample" "$work/gradle"
    (cd "$work/gradle" && mkdir build && gradle --no-daemon -q -g "$work/gradle-home" -Dstaging="file://$staging" -Djava22="$java22" picture)
    is_png "$work/gradle/build/sample.png" || fail "there is no picture by Gradle"
else
    echo "== no gradle on the PATH: not tried"
fi
echo "done"
