#!/usr/bin/env bash
# Makes verifierctl one native file, needing no .NET on the machine, and tries it: build/aot.sh FOLDER
# Needs clang and zlib1g-dev beside the SDK. Takes one to three minutes on two cores. RID (default linux-x64) names the platform, which must be this one.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ $# -eq 1 ]] || { echo "usage: build/aot.sh FOLDER" >&2; exit 1; }
command -v clang >/dev/null || { echo "error: clang was not found; on Debian: apt-get install clang zlib1g-dev" >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
rid=${RID:-linux-x64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A folder of its own for what lies between: native and usual builds do not disturb each other. A warning of the compiler is an error.
dotnet publish src/Client --configuration Release --runtime "$rid" -p:PublishAot=true -p:TrimmerSingleWarn=false \
  --artifacts-path "$work/build" --output "$work/out" --disable-build-servers --verbosity quiet --nologo
mkdir -p "$1"
cp "$work/out/verifierctl" "$1/verifierctl-$rid"
tool=$(cd "$1" && pwd)/verifierctl-$rid

expect() {
  local wanted=$1 code=0
  shift
  "$tool" "$@" >"$work/output" 2>&1 || code=$?
  [[ $code -eq $wanted ]] || { cat "$work/output" >&2; echo "error: verifierctl $1: exit code $code, expected $wanted" >&2; exit 1; }
}
field() { sed -nE "s/.*\"$1\": *\"([^\"]*)\".*/\1/p" samples/sample.json | head -n 1; }
verify=(verify --offline --report samples/report.bin --vcek samples/vcek.der --chain samples/chain.pem --nonce "$(field report_data)")
trusted=("${verify[@]}" --measurement "$(field measurement)" --unsafe-extra-root samples/root.pem)

# What differs natively is what is found by name at run time: each reader and writer of a format is used once.
expect 0 --help
expect 0 --version
expect 0 "${trusted[@]}"
expect 0 "${trusted[@]}" --format json
expect 3 "${verify[@]}" --measurement "$(field measurement)"
expect 4 "${verify[@]}" --unsafe-extra-root samples/root.pem
expect 2 inspect report samples/root.pem
expect 0 inspect igvm samples/sample.igvm --format json
expect 0 measure igvm samples/sample.igvm
expect 0 explain samples/report-other-launch.bin samples/sample.igvm
printf 'name: strict\nv: 1\nvmpls: [0]\n' >"$work/policy.yaml"
expect 0 "${trusted[@]}" --policy "$work/policy.yaml"
grep -q strict "$work/output" || { echo "error: the policy was not judged by" >&2; exit 1; }
printf 'name: strict\nv: 1\nvmpls: [3]\n' >"$work/policy.yaml"
expect 4 "${trusted[@]}" --policy "$work/policy.yaml"
expect 5 show x --server http://127.0.0.1:1 --timeout 5
printf '%s: %s bytes\n' "$tool" "$(stat -c %s "$tool")"
