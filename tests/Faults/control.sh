#!/usr/bin/env bash
# Shows that the trials of soak.sh would see a late accept: in a copy of the source, each protection of tests/Faults/controls.tsv is taken
# away alone, and the trials that it is there for must see accepts later than 2.0 s after an acknowledged revocation. With all of them the
# same trials must see none; of a stopped instance with eight more callers (see soak.sh, --busy) at most half as many, since answers that are on
# their way out leave late. The product has no switch for it. Needs redis-server and perl; takes eight minutes on two cores.
# tests/Faults/control.sh [--seed N] [PROTECTION...]
set -euo pipefail
cd "$(dirname "$0")/../.."
seed=20261126
if [ "${1:-}" = --seed ]; then
  seed="${2:?}"
  shift 2
fi
case "${1:-}" in -*) echo "usage: tests/Faults/control.sh [--seed N] [PROTECTION...]" >&2; exit 2 ;; esac
for program in redis-server perl; do
  command -v "$program" >/dev/null || { echo "error: $program was not found" >&2; exit 1; }
done
list=$PWD/tests/Faults/controls.tsv
# shellcheck source=tests/mutations/copy.sh
. tests/mutations/copy.sh
mapfile -t rows < <(grep -v '^#' "$list" | cut -f1,5,6 | uniq)
if [ $# -gt 0 ]; then mapfile -t rows < <(for name in "$@"; do printf '%s\n' "${rows[@]}" | grep -P "^$name\t"; done); fi
[ ${#rows[@]} -gt 0 ] || { echo "error: none of these is in the list: $*" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
copy_tree "$work"
mutate "$work" "$list" src/Verifier Verifier.Service
dotnet build "$work/tests/EndToEnd.Tests" -v q -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false --disable-build-servers

# trials PROTECTION KIND NUMBER: how many of so many trials saw a late accept. soak.sh makes them in two halves, of different kinds; this one is
# skipped in the half that does not have it.
trials() {
  rm -f "$work/log"
  VERIFIER_MUTANT=$1 VERIFIER_FAULT_KINDS=$2 VERIFIER_FAULT_TRIALS=$((2 * $3)) VERIFIER_FAULT_SEED=$seed VERIFIER_FAULT_BUSY=8 VERIFIER_FAULT_LOG="$work/log" \
    "$work/tests/EndToEnd.Tests/bin/Debug/net10.0/EndToEnd.Tests" -noColor -class "*.RevocationTrials" >"$work/result" 2>&1 && passed=1 || passed=0
  made=$(grep -c '^trial ' "$work/log") || { cat "$work/result"; echo "error: $1: no trial was made" >&2; exit 1; }
  late=$(awk '/^trial / && $6 > 2.0' "$work/log" | wc -l)
  latest=$(awk '/^trial / { print $6 }' "$work/log" | sort -g | tail -n 1)
  printf '%-16s %-16s %s of %s trials saw a late accept, the last one %s s after the acknowledgement\n' "$1" "$2" "$late" "$made" "$latest"
}

wrong=0
for row in "${rows[@]}"; do
  IFS=$'\t' read -r protection kinds number <<<"$row"
  for kind in ${kinds//,/ }; do
    trials none "$kind" "$number"
    usual=$late
    if [ "$kind" != pause ] && [ "$late" -ne 0 ]; then tail -n 30 "$work/result"; wrong=1; fi
    trials "$protection" "$kind" "$number"
    if [ "$passed" -ne 0 ] || [ "$late" -eq 0 ] || [ $((2 * usual)) -gt "$late" ]; then tail -n 30 "$work/result"; wrong=1; fi
  done
done
[ "$wrong" -eq 0 ] || { echo "error: the trials do not tell what they should, seed $seed" >&2; exit 1; }
echo "each protection taken away is seen, seed $seed"
