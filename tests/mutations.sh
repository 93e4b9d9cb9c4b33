#!/usr/bin/env bash
# Disables each check of the judge alone, in a copy of the source, and shows that a named test turns red: tests/mutations.sh [CHECK...]
# The list is tests/mutations/checks.tsv. All changes are built once, each behind a question for its own name; the product has no such
# question. Needs perl. Takes ten minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
list=$PWD/tests/mutations/checks.tsv
. tests/mutations/copy.sh
command -v perl >/dev/null || { echo "error: perl was not found" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

copy_tree "$work"
mutate "$work" "$list" src/SevSnp SevSnp
dotnet build "$work/tests/SevSnp.Tests" -v q -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:GenerateDocumentationFile=false --disable-build-servers

run() { # CHECK CLASS...
  local check=$1 filters=() class
  shift
  for class in "$@"; do filters+=(-class "*.$class"); done
  VERIFIER_MUTANT=$check "$work/tests/SevSnp.Tests/bin/Debug/net10.0/SevSnp.Tests" -noColor "${filters[@]}" >"$work/result" 2>&1
}
if [ $# -gt 0 ]; then checks=("$@"); else mapfile -t checks < <(grep -v '^#' "$list" | cut -f1 | uniq); fi
mapfile -t classes < <(for check in "${checks[@]}"; do grep -P "^$check\t" "$list"; done | cut -f5 | sort -u)
[ ${#classes[@]} -gt 0 ] || { echo "error: none of these is in the list: ${checks[*]}" >&2; exit 1; }
run none "${classes[@]}" || { tail -n 30 "$work/result"; echo "error: the tests are red without any change" >&2; exit 1; }
survived=0
for check in "${checks[@]}"; do
  mapfile -t classes < <(grep -P "^$check\t" "$list" | cut -f5 | sort -u)
  [ ${#classes[@]} -gt 0 ] || { echo "error: $check is not in the list" >&2; exit 1; }
  if run "$check" "${classes[@]}"; then
    printf 'SURVIVED %-32s %s\n' "$check" "${classes[*]}"
    survived=$((survived + 1))
  else
    red=$(grep -m 1 -oP '[A-Za-z0-9_]+\.[A-Za-z0-9_]+(?=(\(.*)? \[FAIL\])' "$work/result") || { cat "$work/result"; echo "error: $check: the tests did not run" >&2; exit 1; }
    printf 'red      %-32s %s (%s in all)\n' "$check" "$red" "$(grep -c '\[FAIL\]' "$work/result")"
  fi
done
echo "${#checks[@]} checks disabled, $survived survived"
[ "$survived" -eq 0 ]
