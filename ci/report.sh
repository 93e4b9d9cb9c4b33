# shellcheck shell=bash
# What came of it: for people as Markdown, for the next step as outputs. Part of register.sh.

# Text of others with nothing in it that Markdown, a terminal or a runner could take for a command.
plain() { printf '%s' "${1//[^A-Za-z0-9 ._:\/@+-]/?}"; }

# Appends stdin to the summary of the job, where there is one.
summarize() {
  local file=${VERIFIER_SUMMARY_FILE:-${GITHUB_STEP_SUMMARY:-}}
  if [[ -n $file ]]; then cat >>"$file"; else cat >/dev/null; fi
}

report_failure() {
  summarize <<MARKDOWN
### Not registered: $(plain "$VERIFIER_IMAGE $VERIFIER_VERSION")

\`verifierctl\` ended with code $1; the log of the job says why.
MARKDOWN
}

# Reads what verifierctl wrote: JSON with one member in a line, in which quotes within texts are escaped.
report_success() {
  local answer=$1 id=$2 dry_run=$3 outcome=registered activation='' json
  local line name='' state='' file_digest='' digests=() launches=()
  local is_name='^  "name": "(tenants/[a-z0-9-]+/referenceValues/[a-z0-9-]+)"' is_state='^  "state": "([a-z]+)"'
  local is_file='^ +"file_sha384": "([0-9a-f]{96})"' is_digest='^ +"digest": "([0-9a-f]{96})"' is_profile='^ +"profile": "([a-z0-9-]+)"'
  while IFS= read -r line; do
    if [[ $line =~ $is_name ]]; then
      name=${BASH_REMATCH[1]}
    elif [[ $line =~ $is_state ]]; then
      state=${BASH_REMATCH[1]}
    elif [[ $line =~ $is_file ]]; then
      file_digest=${BASH_REMATCH[1]}
    elif [[ $line =~ $is_digest ]]; then
      digests+=("${BASH_REMATCH[1]}")
      launches+=("| \`${BASH_REMATCH[1]}\` | ")
    elif [[ $line =~ $is_profile && ${#launches[@]} -gt 0 ]]; then
      launches[-1]+=${BASH_REMATCH[1]}
    fi
  done <"$answer"
  [[ -n $name && -n $state && ${#digests[@]} -gt 0 ]] || fail 5 "verifierctl's answer is not understood; is it as new as this script?"

  if [[ $dry_run == true ]]; then outcome='would be registered'; fi
  if [[ $state == pending ]]; then activation="Somebody else must activate it: verifierctl activate $id"; fi
  json=$(printf ',"%s"' "${digests[@]}")
  json="[${json:1}]"

  printf '%s: %s as %s\n' "$name" "$outcome" "$state"
  printf '  %s\n' "${digests[@]}" ${activation:+"$activation"}
  if [[ -n ${VERIFIER_RESULT_FILE:-} ]]; then cat "$answer" >"$VERIFIER_RESULT_FILE"; fi
  if [[ -n ${GITHUB_OUTPUT:-} ]]; then printf 'name=%s\nstate=%s\ndigests=%s\n' "$name" "$state" "$json" >>"$GITHUB_OUTPUT"; fi
  summarize <<MARKDOWN
### \`$name\` $outcome

| | |
|---|---|
| image | $(plain "$VERIFIER_IMAGE $VERIFIER_VERSION") |
| state | $state |
| SHA-384 of the file | \`${file_digest:-not stated}\` |
| repository | $(plain "${repository:-not stated}") |
| commit | $(plain "${commit:-not stated}") |
| build | $(plain "${build_url:-not stated}") |

| Launch measurement | Profile |
|---|---|
$(printf '%s |\n' "${launches[@]}")

$activation
MARKDOWN
}
