#!/usr/bin/env bash
# The default signature engine against OpenSSL: cases until the number is reached, then what became of each kind. The seed is printed; the
# same one makes the same cases. A thousand cases take about 0.65 s of one core.
# tests/differential.sh [--cases N] [--seed N] [--threads N]
set -euo pipefail
cd "$(dirname "$0")/.."
cases=10000000 seed=20261126 threads=$(nproc)
while [ $# -gt 0 ]; do
  case "$1" in
    --cases) cases="${2:?}"; shift 2 ;;
    --seed) seed="${2:?}"; shift 2 ;;
    --threads) threads="${2:?}"; shift 2 ;;
    *) echo "usage: tests/differential.sh [--cases N] [--seed N] [--threads N]" >&2; exit 2 ;;
  esac
done
echo "seed $seed"
dotnet build tests/SevSnp.Tests -c Release -v q
VERIFIER_DIFFERENTIAL_CASES="$cases" VERIFIER_DIFFERENTIAL_SEED="$seed" VERIFIER_DIFFERENTIAL_THREADS="$threads" \
  VERIFIER_DIFFERENTIAL_LOG="${VERIFIER_DIFFERENTIAL_LOG:-/dev/stdout}" \
  tests/SevSnp.Tests/bin/Release/net10.0/SevSnp.Tests -class "*.EcdsaP384DifferentialTests"
