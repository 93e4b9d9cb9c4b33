#!/usr/bin/env bash
# 100 losses of power under each store while eight clients write, and a fifth as many where nothing is synced in time, which must lose changes:
# about 15 minutes on two cores. Needs redis-server and a C compiler.
# tests/powerloss.sh [NUMBER]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v redis-server >/dev/null || { echo "redis-server is not installed" >&2; exit 1; }
command -v cc >/dev/null || { echo "there is no C compiler cc" >&2; exit 1; }
dotnet build tests/EndToEnd.Tests -c Release -v q
VERIFIER_POWER_LOSSES="${1:-100}" tests/EndToEnd.Tests/bin/Release/net10.0/EndToEnd.Tests -class "*.PowerLossTests" -showliveoutput
