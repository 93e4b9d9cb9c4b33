#!/usr/bin/env bash
# Registers an IGVM file from a job of GitHub Actions, GitLab CI or Kubernetes, as the identity that the job has anyway: no secret is kept
# anywhere. Everything comes by environment, so that no value can become part of a script; docs/ci.md has the variables.
# Ends as verifierctl does: 1 wrong or without a right, 4 refused, 5 an outage.
set -euo pipefail
# A trace would show the token.
set +x
umask 077
export LC_ALL=C

fail() {
  printf 'register.sh: error: %s\n' "$2" >&2
  exit "$1"
}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=ci/token.sh
. "$here/token.sh"
# shellcheck source=ci/report.sh
. "$here/report.sh"

required() {
  local name
  for name in "$@"; do
    [[ -n ${!name:-} ]] || fail 1 "$name is empty (docs/ci.md)"
  done
}

required VERIFIER_SERVER VERIFIER_FILE VERIFIER_IMAGE VERIFIER_VERSION VERIFIER_KIND
[[ -f $VERIFIER_FILE ]] || fail 1 "there is no file $(plain "$VERIFIER_FILE")"
dry_run=${VERIFIER_DRY_RUN:-false}
[[ $dry_run == true || $dry_run == false ]] || fail 1 "VERIFIER_DRY_RUN must be true or false"

# The id that verifierctl would choose.
id=${VERIFIER_ID:-}
if [[ -z $id ]]; then
  id=${VERIFIER_IMAGE,,}-${VERIFIER_VERSION,,}
  id=${id//[!a-z0-9]/-}
  while [[ $id == -* ]]; do id=${id#-}; done
  while [[ $id == *- ]]; do id=${id%-}; done
fi
[[ $id =~ ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ ]] || fail 1 "the id must be 1 to 63 of [a-z0-9-], not $(plain "$id")"

# What the job was started from; the Kubernetes Job states it itself.
repository=${VERIFIER_REPOSITORY:-${CI_PROJECT_URL:-}}
build_url=${VERIFIER_BUILD_URL:-${CI_JOB_URL:-}}
commit=${VERIFIER_COMMIT:-${GITHUB_SHA:-${CI_COMMIT_SHA:-}}}
if [[ -n ${GITHUB_REPOSITORY:-} ]]; then
  home=${GITHUB_SERVER_URL:-https://github.com}/$GITHUB_REPOSITORY
  repository=${repository:-$home}
  build_url=${build_url:-$home/actions/runs/${GITHUB_RUN_ID:-}}
fi

work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/verifier.XXXXXXXX")
trap 'rm -rf -- "$work"' EXIT

# verifierctl stands beside this script in the image, elsewhere where it is said to be.
tool=${VERIFIERCTL:-}
if [[ -z $tool ]]; then
  if [[ -f $here/verifierctl.dll ]]; then tool=$here/verifierctl.dll; else tool=verifierctl; fi
fi
verifierctl=("$tool")
if [[ $tool == *.dll ]]; then verifierctl=(dotnet "$tool"); fi
command -v -- "${verifierctl[0]}" >/dev/null || fail 1 "$(plain "${verifierctl[0]}") was not found"

# NAME=VALUE in one word each: a value that looks like an option stays a value.
arguments=(
  register "$id" "--igvm=$VERIFIER_FILE" "--image=$VERIFIER_IMAGE" "--version=$VERIFIER_VERSION" "--kind=$VERIFIER_KIND"
  "--server=$VERIFIER_SERVER" "--timeout=${VERIFIER_TIMEOUT:-300}" "--token-file=$work/token" --format=json
)
optional() { if [[ -n $2 ]]; then arguments+=("$1=$2"); fi; }
optional --tenant "${VERIFIER_TENANT:-}"
optional --ca "${VERIFIER_CA:-}"
optional --repository "$repository"
optional --commit "$commit"
optional --build-url "$build_url"
read -r -d '' -a profiles <<<"${VERIFIER_PROFILES:-}" || true
for profile in ${profiles[@]+"${profiles[@]}"}; do arguments+=("--profile=$profile"); done
if [[ $dry_run == true ]]; then arguments+=(--dry-run); fi

write_token "$work/token"
code=0
"${verifierctl[@]}" "${arguments[@]}" >"$work/answer.json" || code=$?
if [[ $code -ne 0 ]]; then
  report_failure "$code"
  fail "$code" "$id is not registered: verifierctl ended with code $code"
fi

report_success "$work/answer.json" "$id" "$dry_run"
