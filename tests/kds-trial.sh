#!/usr/bin/env bash
# The long trial of the way to the key service: three instances on one Redis, many chips, a key service that answers 429 nine times in ten.
# Usage: tests/kds-trial.sh [CHIPS]   (default 10000: about half an hour on two cores; the suite runs a slice of 60)
# Needs redis-server and the .NET SDK. Prints requests, rate, and how warm calls fared meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."
chips="${1:-10000}"
case "$chips" in '' | *[!0-9]*) printf 'usage: %s [CHIPS]\n' "$0" >&2; exit 2 ;; esac
command -v redis-server >/dev/null || { printf 'redis-server was not found\n' >&2; exit 1; }
configuration="${CONFIGURATION:-Release}"
dotnet build tests/EndToEnd.Tests -c "$configuration" -v q --disable-build-servers
VERIFIER_KDS_CHIPS="$chips" "tests/EndToEnd.Tests/bin/$configuration/net10.0/EndToEnd.Tests" -noColor \
  -method "*F46_ManyChipsUnderThrottling*" -showLiveOutput
