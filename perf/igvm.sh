#!/usr/bin/env bash
# Measures how long the whole process takes on an IGVM file of distinct pages, against openssl's SHA-384 of the same bytes, in interleaved
# pairs. Prints the ratio of the medians and the peak memory beyond the mapped file. Wants a machine that does nothing else.
# usage: [VERIFIERCTL="COMMAND"] perf/igvm.sh [MEBIBYTES] [PAIRS]
set -euo pipefail
cd "$(dirname "$0")/.."
mebibytes="${1:-256}" pairs="${2:-5}"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build perf/MakeIgvm -c Release -v q
case "$(uname -m)" in aarch64) platform=linux-arm64 ;; *) platform=linux-x64 ;; esac
# As it is released: compiled before it starts, see docs/cli.md.
[ -n "${VERIFIERCTL:-}" ] || dotnet publish src/Client -c Release -r "$platform" --self-contained false -p:PublishReadyToRun=true -o "$folder/client" -v q
file="$folder/pages.igvm"
dotnet perf/MakeIgvm/bin/Release/net10.0/MakeIgvm.dll "$file" "$mebibytes"
size=$(stat -c %s "$file")
# Another build of the client can be named, for example what dotnet build gave.
read -ra client <<< "${VERIFIERCTL:-$folder/client/verifierctl}"
measure=("${client[@]}" measure igvm --bare "$file")
digest=(openssl dgst -sha384 "$file")

# Milliseconds of one run.
time_of() { local start; start=$(date +%s%N); "$@" > /dev/null; echo $((($(date +%s%N) - start) / 1000000)); }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# Most memory that a process had in use, in KiB: VmHWM is there as long as the process is.
peak_of() {
  local peak=0 now pid
  "$@" > /dev/null & pid=$!
  while now=$(awk '/VmHWM/ { print $2 }' "/proc/$pid/status" 2> /dev/null) && [ -n "$now" ]; do
    [ "$now" -gt "$peak" ] && peak=$now
    sleep 0.005
  done
  wait "$pid"
  echo "$peak"
}

time_of "${measure[@]}" > /dev/null
time_of "${digest[@]}" > /dev/null
for ((i = 0; i < pairs; i++)); do
  time_of "${measure[@]}" >> "$folder/measure"
  time_of "${digest[@]}" >> "$folder/digest"
done
ours=$(median < "$folder/measure") theirs=$(median < "$folder/digest") peak=$(peak_of "${measure[@]}")
echo "file             $size bytes, $pairs pairs, load $(cut -d' ' -f1 /proc/loadavg), $(nproc) cores"
echo "measure igvm     $ours ms (median of: $(tr '\n' ' ' < "$folder/measure"))"
echo "openssl sha384   $theirs ms (median of: $(tr '\n' ' ' < "$folder/digest"))"
awk -v o="$ours" -v t="$theirs" 'BEGIN { printf "wall time        %.2f x (wanted: at most 0.90 x)\n", o / t }'
awk -v p="$peak" -v s="$size" 'BEGIN { printf "memory           %.0f KiB at its peak, beyond the mapping %.2f x of the file (wanted: below 0.5 x)\n", p, (p * 1024 - s) / s }'
