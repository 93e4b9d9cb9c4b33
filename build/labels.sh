#!/usr/bin/env bash
# Makes the labels of .github/labels.yml in the repository GH_REPO, or changes their colour and meaning. Needs gh with GH_TOKEN. Removes none.
set -euo pipefail
cd "$(dirname "$0")/.."

count=0
while IFS=$'\t' read -r name color meaning; do
  gh label create "$name" --color "$color" --description "$meaning" --force
  count=$((count + 1))
done < <(sed -nE "s/^- \{ name: '?([^',]+)'?, color: ([0-9a-f]{6}), description: '?([^']*)'? \}$/\1\t\2\t\3/p" .github/labels.yml)
[[ $count -eq $(grep -c '^- ' .github/labels.yml) ]] || { echo "error: a line of .github/labels.yml was not understood" >&2; exit 1; }
