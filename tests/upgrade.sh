#!/usr/bin/env bash
# Holds the version before and this one against each other: both on one Redis, each reading what the other wrote, and a rolling upgrade and
# rollback under load. The version before is the newest tag, or the commit that is named; it is built here from this repository.
# tests/upgrade.sh [COMMIT]
set -euo pipefail
cd "$(dirname "$0")/.."
command -v redis-server >/dev/null || { echo "redis-server is not installed" >&2; exit 1; }

commit=${1:-$(git describe --tags --abbrev=0 --match 'v*' HEAD 2>/dev/null || cat tests/version-before)}
git cat-file -e "$commit^{commit}" 2>/dev/null || { echo "error: $commit is not in this clone (a shallow one?)" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git archive "$commit" | tar -x -C "$work"
echo "the version before: $(git log -1 --format='%h %s' "$commit")"
dotnet build "$work/src/Verifier" -c Release -v quiet "-clp:ErrorsOnly;NoSummary"

dotnet build tests/EndToEnd.Tests -c Release -v quiet "-clp:ErrorsOnly;NoSummary"
VERIFIER_BEFORE="$work/src/Verifier/bin/Release/net10.0/Verifier.Service.dll" \
  tests/EndToEnd.Tests/bin/Release/net10.0/EndToEnd.Tests -noColor -class "*.UpgradeTests"
