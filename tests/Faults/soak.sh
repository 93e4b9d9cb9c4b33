#!/usr/bin/env bash
# Revocations while Redis is cut off, hangs, is killed or replaced, or an instance is stopped: trials until the time is over, half of them with
# Store:Redis:Replicas=1, so that they are acknowledged while the fault lasts; then one line for each kind of fault. 200 trials take 45 minutes. The seed is printed; the same one makes the same faults at the same moments. Needs redis-server.
# That a late accept would be seen is shown by control.sh.
# --busy N: N more callers ask an instance without a pause before it is stopped. An answer that is on its way out at that moment leaves when the
# instance goes on, so late accepts may be seen then (docs/store.md, Redis, says what bounds them); without it that is unlikely.
# tests/Faults/soak.sh [--minutes N] [--trials N] [--seed N] [--busy N]
set -euo pipefail
cd "$(dirname "$0")/../.."
minutes=60 trials=200 seed=20261126 busy=0
while [ $# -gt 0 ]; do
  case "$1" in
    --minutes) minutes="${2:?}"; shift 2 ;;
    --trials) trials="${2:?}"; shift 2 ;;
    --seed) seed="${2:?}"; shift 2 ;;
    --busy) busy="${2:?}"; shift 2 ;;
    *) echo "usage: tests/Faults/soak.sh [--minutes N] [--trials N] [--seed N] [--busy N]" >&2; exit 2 ;;
  esac
done
command -v redis-server >/dev/null || { echo "redis-server is not installed" >&2; exit 1; }
echo "seed $seed"
dotnet build tests/EndToEnd.Tests -c Release -v q
VERIFIER_FAULT_MINUTES="$minutes" VERIFIER_FAULT_TRIALS="$trials" VERIFIER_FAULT_SEED="$seed" VERIFIER_FAULT_BUSY="$busy" \
  VERIFIER_FAULT_LOG="${VERIFIER_FAULT_LOG:-/dev/stdout}" tests/EndToEnd.Tests/bin/Release/net10.0/EndToEnd.Tests -class "*.RevocationTrials"
