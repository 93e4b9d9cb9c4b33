#!/usr/bin/env bash
# What `helm test` runs in the image of verifierctl: has the simulated sample judged by the installed service, and shows that what must be
# refused is refused. Everything comes by environment; charts/verifier/templates/tests/sample.yaml sets it:
#   VERIFIER_SERVER, VERIFIER_CA (PEM, empty for the system's), VERIFIER_SAMPLE (folder with the files of samples/),
#   VERIFIER_TOKEN_FILE (an administrator's token, empty for none), VERIFIER_TRUSTS_SAMPLE (true: the service trusts the sample's root)
# Nothing is registered in an installation that trusts AMD alone. Ends with 0 when all is as it must be, else with 1.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tool=${VERIFIERCTL:-$here/verifierctl.dll}
if [[ -z ${VERIFIERCTL:-} && ! -f $tool ]]; then tool=$here/verifierctl; fi
verifierctl=("$tool")
if [[ $tool == *.dll ]]; then verifierctl=(dotnet "$tool"); fi

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fail() {
  printf 'helm-test: FAILED: %s\n' "$*" >&2
  exit 1
}

# field NAME: of the sample's description.
field() { sed -nE "s/.*\"$1\": *\"([^\"]*)\".*/\1/p" "$VERIFIER_SAMPLE/sample.json" | head -n 1; }

connection=("--server=$VERIFIER_SERVER" --timeout=30)
if [[ -n ${VERIFIER_CA:-} ]]; then connection+=("--ca=$VERIFIER_CA"); fi
if [[ $VERIFIER_SERVER == http:* ]]; then connection+=(--unsafe-plaintext); fi
identity=()
if [[ -n ${VERIFIER_TOKEN_FILE:-} ]]; then identity=("--token-file=$VERIFIER_TOKEN_FILE"); fi

# expect CODES WORDS TEXT COMMAND...: runs verifierctl; its exit code must be one of CODES, and what it says must hold WORDS, or one of them with | in between.
# 5 is no answer: what a busy service has not told is asked again, as by any client.
expect() {
  local codes=$1 words=$2 text=$3 code=0
  shift 3
  for _ in 1 2 3 4 5; do
    code=0
    "${verifierctl[@]}" "$@" "${connection[@]}" >"$work/said" 2>&1 || code=$?
    if [[ $code -ne 5 || " $codes " == *" 5 "* ]]; then break; fi
    sleep 1
  done
  if [[ " $codes " != *" $code "* ]] || ! grep -qF -f <(tr '|' '\n' <<<"$words") "$work/said"; then
    cat "$work/said" >&2
    fail "$text: exit code $code, expected $codes and the words '$words'"
  fi
  printf 'helm-test: %s: exit code %s, as it must be\n' "$text" "$code"
}

measurement=$(field measurement)
nonce=$(field report_data)
[[ -n $measurement && -n $nonce ]] || fail "sample.json holds no measurement or no report_data"
evidence=("--vcek=$VERIFIER_SAMPLE/vcek.der" "--chain=$VERIFIER_SAMPLE/chain.pem" "--crl=$VERIFIER_SAMPLE/crl.der" --kind=svsm-igvm)
release=(helm-test-sample "--igvm=$VERIFIER_SAMPLE/sample.igvm" --image=coconut-svsm --version=helm-test --kind=svsm-igvm)

# An installation that anyone may write to is none that may be trusted.
expect 1 "an identity is demanded" "registering without an identity" register "${release[@]}"

if [[ ${#identity[@]} -eq 0 ]]; then
  # Refused for want of an identity, or, where the tenant is open to anyone, for its root.
  expect "1 3" "an identity is demanded|ROOT_IS_PINNED" "the sample without an identity" verify "--report=$VERIFIER_SAMPLE/report.bin" "${evidence[@]}" "--nonce=$nonce"
  printf 'helm-test: passed; without an administrator'\''s token no more can be asked\n'
  exit 0
fi

expect 0 "" "reading the registry" list "${identity[@]}"
"${verifierctl[@]}" demo flip-bit "$VERIFIER_SAMPLE/report.bin" "$work/flipped.bin" --bit 1160 >/dev/null
head -c 1183 "$VERIFIER_SAMPLE/report.bin" >"$work/short.bin"

judge() {
  local codes=$1 words=$2 text=$3 report=$4
  shift 4
  expect "$codes" "$words" "$text" verify "--report=$report" "${evidence[@]}" "${identity[@]}" "$@"
}

judge 2 "" "a report that is cut short" "$work/short.bin" "--nonce=$nonce"
if [[ ${VERIFIER_TRUSTS_SAMPLE:-false} != true ]]; then
  expect 0 "$measurement" "measuring the sample, for show" register "${release[@]}" --dry-run "${identity[@]}"
  judge 3 ROOT_IS_PINNED "the sample, whose root is not AMD's" "$VERIFIER_SAMPLE/report.bin" "--nonce=$nonce"
  judge 3 "" "the sample with one bit flipped" "$work/flipped.bin" "--nonce=$nonce"
  printf 'helm-test: passed; no simulated evidence is believed\n'
  exit 0
fi

# Told to trust the sample's root. Registered by an earlier test, it stays.
if ! "${verifierctl[@]}" show helm-test-sample "${connection[@]}" "${identity[@]}" >/dev/null 2>&1; then
  expect 0 "$measurement" "registering the sample" register "${release[@]}" "${identity[@]}"
fi
judge 0 ACCEPTED "the sample" "$VERIFIER_SAMPLE/report.bin" "--nonce=$nonce"
judge 3 REPORT_SIGNATURE_IS_VALID "the sample with one bit flipped" "$work/flipped.bin" "--nonce=$nonce"
judge 4 DEBUG_IS_OFF "a guest that its host may debug" "$VERIFIER_SAMPLE/report-debug.bin" "--nonce=$nonce"
judge 4 REPORT_DATA_MATCHES_BINDING "a report made for another nonce" "$VERIFIER_SAMPLE/report.bin" "--nonce=$(printf '%0128d' 7)"
judge 4 MEASUREMENT_IS_REGISTERED "a guest that was launched otherwise" "$VERIFIER_SAMPLE/report-other-launch.bin" "--nonce=$nonce"
printf 'helm-test: passed; the sample is accepted, since its root is trusted here: rely on nothing in this installation\n'
