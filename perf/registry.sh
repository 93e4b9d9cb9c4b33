#!/usr/bin/env bash
# What a registry of a million measurements in Redis costs beside one of ten: CPU of the service for each Verify, list pages, memory. Needs
# redis-server; loading goes through the service with appendfsync everysec. Wants a machine that does nothing else.
# usage: perf/registry.sh [MEASUREMENTS] [PER_VALUE] [RUNS] [CALLS]
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
command -v redis-server > /dev/null || { echo "redis-server is not installed" >&2; exit 1; }
dotnet build src/Verifier -c Release -v q
dotnet build perf/Trials -c Release -v q
dotnet perf/Trials/bin/Release/net10.0/Trials.dll registry "$@"
