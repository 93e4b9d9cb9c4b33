#!/usr/bin/env bash
# Mutants of everything that hostile bytes can reach, for a time: reports, certificates, certificate tables, revocation lists, IGVM files,
# requests on the wire and as JSON, documents, tokens, what verifierctl reads, calls of a whole service. Ends with a table, and with 1 when anything was found: a crash,
# a false accept, an input that took over 50 ms of processor time four times in a row or allocated more than its target allows. What was found lies in the folder
# that is named.
# The minutes are split evenly over the targets, a process each; with --threads 2 two run at a time, each twice as long. Starting and
# building come on top: about ten seconds for each target. A copy of the product is instrumented by SharpFuzz (.config/dotnet-tools.json), so
# that mutants which take new branches are changed further; where the tool cannot be had, new kinds of outcome alone guide.
# tests/fuzz.sh [--minutes N] [--targets a,b] [--seed N] [--threads N] [--keep]
#   --keep writes tests/Fuzz.Tests/corpus anew: for each kind of outcome the smallest input, of the targets whose inputs mean the same in
#   any process.
set -euo pipefail
cd "$(dirname "$0")/.."
project=tests/Fuzz.Tests
all=$(grep -rhoE 'Trait\("target", "[a-z-]+"\)' "$project" --include=*FuzzTests.cs | grep -oE '[a-z-]+"\)$' | tr -d '")' | sort -u)
minutes=60 seed=$((RANDOM * 32768 + RANDOM)) threads=1 targets=$all keep=
usage() { echo "usage: tests/fuzz.sh [--minutes N] [--targets a,b] [--seed N] [--threads N] [--keep]; targets: $(echo "$all" | tr '\n' ' ')" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) minutes="${2:?}"; shift 2 ;;
    --targets) targets=$(echo "${2:?}" | tr ',' '\n'); shift 2 ;;
    --seed) seed="${2:?}"; shift 2 ;;
    --threads) threads="${2:?}"; shift 2 ;;
    --keep) keep=1; shift ;;
    *) usage ;;
  esac
done
for target in $targets; do grep -qx -- "$target" <<<"$all" || { echo "no target $target" >&2; usage; }; done
count=$(wc -l <<<"$targets")
seconds=$(awk -v m="$minutes" -v t="$threads" -v n="$count" 'BEGIN { printf "%.1f", m * 60 * t / n }')

dotnet build "$project" -c Release -v q -nodeReuse:false
copy=$project/bin/Instrumented
rm -rf "$copy"
cp -r "$project/bin/Release/net10.0" "$copy"
guided="branches (SharpFuzz) and kinds of outcome"
packages=$(dotnet nuget locals global-packages --list | sed 's/^global-packages: //')
tool="${packages%/}/sharpfuzz.commandline/$(sed -n '/sharpfuzz/,/version/s/.*"version": "\(.*\)".*/\1/p' .config/dotnet-tools.json)/tools/net10.0/any"
if dotnet tool restore >/dev/null && [ -f "$tool/SharpFuzz.Common.dll" ]; then
  # By its file: what dotnet remembers of a tool's place is kept for the whole machine, and may be of a package cache that is gone.
  for assembly in SevSnp Verifier.Ledger Verifier.Service verifierctl; do dotnet "$tool/SharpFuzz.CommandLine.dll" "$copy/$assembly.dll"; done
  cp "$tool/SharpFuzz.Common.dll" "$copy"
else
  echo "warning: SharpFuzz cannot be had; no branches are counted" >&2
  guided="kinds of outcome only"
fi

results=$(mktemp -d "${TMPDIR:-/tmp}/verifier-fuzz.XXXXXX")
echo "seed $seed, $seconds s for each of $count targets, $threads at a time, guided by $guided; results in $results"
one() {
  VERIFIER_FUZZ_FIGURES="$results" VERIFIER_FUZZ_SECONDS="$seconds" VERIFIER_FUZZ_START="$seed" VERIFIER_FUZZ_KEEP="$keep" \
    "$copy/Fuzz.Tests" -noColor -trait "target=$1" >"$results/$1.log" 2>&1 || touch "$results/$1.failed"
}
began=$SECONDS
for target in $targets; do
  while [ "$(jobs -rp | wc -l)" -ge "$threads" ]; do wait -n || true; done
  one "$target" &
done
wait

failed=0
row='%-17s %12s %9s %6s %6s %10s %8s %7s %13s %10s %5s\n'
# shellcheck disable=SC2059
printf "\n$row" target executions per-s kinds edges slowest-ms most-KiB crashes false-accepts over-limit slow
for target in $targets; do
  if [ -f "$results/$target.tsv" ]; then
    # shellcheck disable=SC2046,SC2059
    printf "$row" $(cat "$results/$target.tsv")
  else
    echo "$target ended without figures; the last mutant that was begun: $(cat "$results/$target".*.current 2>/dev/null | tr -d '\0' | head -n 1)"
  fi
  if [ -f "$results/$target.failed" ]; then failed=1; fi
done
printf '%s executions in %s s\n' "$(cat "$results"/*.tsv | awk '{ n += $2 } END { print n + 0 }')" "$((SECONDS - began))"
if [ "$failed" -ne 0 ]; then
  for target in $targets; do
    [ ! -f "$results/$target.failed" ] || { echo; echo "== $target"; cat "$results/$target.log"; }
  done
  exit 1
fi
