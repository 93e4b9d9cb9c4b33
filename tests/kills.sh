#!/usr/bin/env bash
# 100 kills of the service on each store and of redis-server, while eight clients write: about 15 minutes on two cores. Needs redis-server.
# tests/kills.sh [NUMBER]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v redis-server >/dev/null || { echo "redis-server is not installed" >&2; exit 1; }
dotnet build tests/EndToEnd.Tests -c Release -v q
VERIFIER_KILLS="${1:-100}" tests/EndToEnd.Tests/bin/Release/net10.0/EndToEnd.Tests -class "*.KillTests"
