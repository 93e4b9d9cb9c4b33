#!/usr/bin/env bash
# Asks a service (TLS, policy and registry in a real Redis, signed results) for 70 % of what it can do, and then for FACTOR times that, and
# tells what it did: goodput, latency of admitted and of refused calls, hints, memory, and how soon it was calm again. Ends with 1 where
# something is missed. The load generator runs on the same machine; its share of the processor is part of the figures.
# usage: perf/saturation.sh [--minutes N] [--factor F] [--chips N]        default: 10 minutes at 2 x, 64 chips
# VERIFIER_PUBLISHED=DIR takes what perf/publish.sh DIR made.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
command -v redis-server > /dev/null || { echo "MISSING: redis-server" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dotnet build perf/Trials -c Release -v q > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
published=${VERIFIER_PUBLISHED:-$folder/published}
[ -n "${VERIFIER_PUBLISHED:-}" ] || perf/publish.sh "$published" > "$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
dotnet perf/Trials/bin/Release/net10.0/Trials.dll saturation --service "$published/service/Verifier.Service" --client "$published/client/verifierctl" "$@"
