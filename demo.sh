#!/usr/bin/env bash
# Starts the real service on its embedded store, registers the synthetic sample and verifies it: once accepted, four times refused.
# With arguments it verifies your own report the same way, under AMD's roots and the default policy:
#   ./demo.sh --report report.bin --vcek vcek.der --chain chain.pem --report-data HEX --measurement HEX
# --measurement is registered as the expected one; everything else is handed to `verifierctl verify`.
# Needs the .NET 10 SDK and nothing else. Everything it makes is under a temporary folder that is removed at the end.
set -euo pipefail
cd "$(dirname "$0")"

service=src/Verifier/bin/Release/net10.0/Verifier.Service.dll
client=src/Client/bin/Release/net10.0/verifierctl.dll
work=$(mktemp -d)
pid=

stop() {
  status=$?
  if [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null; then
    kill "$pid"
    wait "$pid" 2>/dev/null || true
  fi
  if [[ $status -ne 0 && -s $work/service.log ]]; then
    echo "--- the service's last words:" >&2
    tail -n 20 "$work/service.log" >&2
  fi
  rm -rf "$work"
}
trap stop EXIT

# Colour on a terminal only.
bold='' dim='' plain=''
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'; fi
say() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }

command -v dotnet >/dev/null || { echo "error: the .NET 10 SDK is needed (https://dot.net)" >&2; exit 1; }

say "building (the first time takes a minute)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
for project in src/Verifier src/Client; do
  dotnet build "$project" -c Release -v quiet "-clp:ErrorsOnly;NoSummary"
done

# The service leaves word there of the token that changes need; the client of the same user finds it by itself.
export XDG_STATE_HOME=$work/state

ctl() {
  printf '%s$ verifierctl %s%s\n' "$dim" "$(sed -E 's/([0-9a-f]{16})[0-9a-f]{32,}/\1.../g' <<<"$*")" "$plain"
  dotnet "$client" "$@" --server "$address"
}

# start SETTINGS...: starts the service on a free port and waits until it says where it listens, in a line that has its end.
start() {
  local line
  : >"$work/service.log"
  dotnet "$service" --Server:Port=0 --Store:DataDirectory="$work/data" "$@" >>"$work/service.log" 2>&1 &
  pid=$!
  for _ in $(seq 1200); do
    while IFS= read -r line; do
      if [[ $line =~ Listening\ on\ (https?://[0-9.:]+) ]]; then
        address=${BASH_REMATCH[1]}
        return
      fi
    done <"$work/service.log"
    kill -0 "$pid" 2>/dev/null || { echo "error: the service did not start" >&2; exit 1; }
    sleep 0.1
  done
  echo "error: the service did not say within two minutes where it listens" >&2
  exit 1
}

# expect WANTED COMMAND...: runs a verification and insists on its exit code. 5 is no verdict: on a busy machine one asks again, as any client does.
accepted=0
rejected=0
expect() {
  local wanted=$1 code=0
  shift
  for _ in 1 2 3 4 5; do
    code=0
    "$@" || code=$?
    [[ $code -eq 5 ]] || break
    sleep 1
  done
  if [[ $code -ne $wanted ]]; then
    echo "error: exit code $code, expected $wanted" >&2
    exit 1
  fi
  if [[ $code -eq 0 ]]; then accepted=$((accepted + 1)); else rejected=$((rejected + 1)); fi
}

if [[ $# -gt 0 ]]; then
  say "starting the service: AMD's roots, default policy"
  start
  echo "listening on $address"
  measurement=
  options=()
  while [[ $# -gt 0 ]]; do
    if [[ $1 == --measurement && $# -gt 1 ]]; then
      measurement=$2
      shift
    else
      options+=("$1")
    fi
    shift
  done
  if [[ -n $measurement ]]; then
    say "registering the expected launch measurement"
    ctl register mine --measurement "$measurement" --image mine --version 1 --kind igvm
  fi
  say "verifying your report"
  code=0
  ctl verify "${options[@]}" || code=$?
  exit "$code"
fi

field() { sed -nE "s/.*\"$1\": *\"([^\"]*)\".*/\1/p" samples/sample.json | head -n 1; }
report_data=$(field report_data)

say "starting the service with the samples' simulated AMD root (Trust:UnsafeExtraRoots)"
start --Trust:UnsafeExtraRoots:0=samples/root.pem --Kds:Mode=offline
echo "listening on $address"

evidence=(--vcek samples/vcek.der --chain samples/chain.pem --crl samples/crl.der)

say "registering the release from its IGVM file: the service computes the launch measurement"
ctl register samples/sample.igvm --image coconut-svsm --version sample --kind svsm-igvm

say "1 of 5: the genuine sample report"
expect 0 ctl verify --report samples/report.bin "${evidence[@]}" --nonce "$report_data" --kind svsm-igvm

say "2 of 5: the same report with one bit flipped"
dotnet "$client" demo flip-bit samples/report.bin "$work/flipped.bin" --bit 1160
expect 3 ctl verify --report "$work/flipped.bin" "${evidence[@]}" --nonce "$report_data" --kind svsm-igvm

say "3 of 5: a guest that its host may debug"
expect 4 ctl verify --report samples/report-debug.bin "${evidence[@]}" --nonce "$report_data" --kind svsm-igvm

say "4 of 5: a report made for somebody else's nonce"
expect 4 ctl verify --report samples/report.bin "${evidence[@]}" --nonce "$(printf '%0128d' 7)" --kind svsm-igvm

say "5 of 5: the genuine report again, after its measurement was revoked"
ctl revoke coconut-svsm-sample --reason "demonstration"
expect 4 ctl verify --report samples/report.bin "${evidence[@]}" --nonce "$report_data" --kind svsm-igvm

say "besides: why a guest from the registered file has another measurement"
dotnet "$client" explain samples/report-other-launch.bin samples/sample.igvm

say "$accepted accepted, $rejected rejected"
[[ $accepted -eq 1 && $rejected -eq 4 ]]
