# shellcheck shell=bash
# The token that says who the job is. Part of register.sh.

# Asks GitHub for a token with our audience and sets `token` of its caller. The request's own token goes to curl by stdin: arguments are seen by every process.
token_of_github() {
  local answer code=0 url=$ACTIONS_ID_TOKEN_REQUEST_URL
  local jwt='"value"[[:space:]]*:[[:space:]]*"([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)"'
  required VERIFIER_AUDIENCE ACTIONS_ID_TOKEN_REQUEST_TOKEN
  [[ $url =~ ^https:// || $url =~ ^http://(127\.0\.0\.1|localhost):[0-9]+/ ]] || fail 1 "ACTIONS_ID_TOKEN_REQUEST_URL must be https"
  [[ $ACTIONS_ID_TOKEN_REQUEST_TOKEN =~ ^[A-Za-z0-9._~+/=-]+$ ]] || fail 1 "ACTIONS_ID_TOKEN_REQUEST_TOKEN is no token"
  command -v curl >/dev/null || fail 1 "curl was not found; it fetches the token"
  answer=$(printf 'header = "Authorization: bearer %s"\n' "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" |
    curl --disable --config - --silent --show-error --fail --globoff --proto '=https,http' --max-time 30 --retry 3 --max-filesize 65536 \
      --get --data-urlencode "audience=$VERIFIER_AUDIENCE" --url "$url") || code=$?
  case $code in
    0) ;;
    22) fail 1 "GitHub gives this job no token; does it have 'permissions: id-token: write'?" ;;
    *) fail 5 "GitHub's token endpoint does not answer (curl ended with code $code)" ;;
  esac
  [[ $answer =~ $jwt ]] || fail 5 "GitHub's token endpoint answered without a token"
  token=${BASH_REMATCH[1]}
  # Taken in by the runner and not shown; whatever prints the token later is blackened.
  printf '::add-mask::%s\n' "$token"
}

# Writes the token into a file that only this user can read.
write_token() {
  local token
  if [[ -n ${VERIFIER_TOKEN_FILE:-} ]]; then
    [[ -r $VERIFIER_TOKEN_FILE ]] || fail 1 "cannot read the token in $(plain "$VERIFIER_TOKEN_FILE")"
    token=$(head -c 16385 -- "$VERIFIER_TOKEN_FILE")
  elif [[ -n ${VERIFIER_ID_TOKEN:-} ]]; then
    token=$VERIFIER_ID_TOKEN
  elif [[ -n ${ACTIONS_ID_TOKEN_REQUEST_URL:-} ]]; then
    token_of_github
  else
    fail 1 "this job has no identity: GitHub needs 'permissions: id-token: write', GitLab 'id_tokens: VERIFIER_ID_TOKEN', Kubernetes a projected token (docs/ci.md)"
  fi
  printf '%s\n' "$token" >"$1"
  # The file is enough for verifierctl.
  unset VERIFIER_ID_TOKEN ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL
}
