#!/usr/bin/env bash
# Prints one table: what a verification and its parts cost, each as a ratio to what was measured in the same run (openssl speed ecdsap384, an
# empty gRPC call, openssl dgst -sha384). About ten minutes; wants a machine that does nothing else. Rows that need openssl or redis-server
# are told as MISSING where it is not there.
# usage: perf/run.sh [--short] [--markdown]
#   --short     a few runs of everything, under a minute once it is built: shows that all of it works, and little more
#   --markdown  as docs/performance.md has it
# VERIFIER_PUBLISHED=DIR takes what perf/publish.sh DIR made.
set -euo pipefail
cd "$(dirname "$0")/.."
short='' options=()
for argument in "$@"; do
  case "$argument" in
    --short) short=1; options+=(--short) ;;
    --markdown) options+=(--markdown) ;;
    *) sed -n '5,9p' "$0" | cut -c 3- >&2; exit 1 ;;
  esac
done
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
say() { printf '%s\n' "$*" >&2; }
for tool in openssl redis-server; do
  command -v "$tool" > /dev/null || say "MISSING: $tool: its rows are left out"
done

say "building"
dotnet build perf/Trials -c Release -v q > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
dotnet build perf/Benchmarks -c Release -v q > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
published=${VERIFIER_PUBLISHED:-$folder/published}
[ -n "${VERIFIER_PUBLISHED:-}" ] || perf/publish.sh "$published" > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }

say "measuring parts (BenchmarkDotNet)"
benchmarks=$PWD/perf/Benchmarks/bin/Release/net10.0/Benchmarks.dll
smoke=()
[ -z "$short" ] || smoke=(--smoke)
# BenchmarkDotNet builds beside the project that it finds, and leaves its own reports where it runs.
dotnet "$benchmarks" "${smoke[@]}" --figures "$folder/figures" --filter '*' --artifacts "$folder/artifacts" > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }

igvm=()
if command -v openssl > /dev/null; then
  say "measuring the whole process on an IGVM file"
  VERIFIERCTL="$published/client/verifierctl" perf/igvm.sh "$([ -n "$short" ] && echo 32 || echo 256)" "$([ -n "$short" ] && echo 1 || echo 5)" > "$folder/igvm"
  igvm=(--igvm "$folder/igvm")
fi

say "measuring the service"
dotnet perf/Trials/bin/Release/net10.0/Trials.dll table --service "$published/service/Verifier.Service" --client "$published/client/verifierctl" \
  --figures "$folder/figures" "${igvm[@]}" "${options[@]}"
