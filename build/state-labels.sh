#!/usr/bin/env bash
# Gives each open pull request of GH_REPO the one label that tells its state (CONTRIBUTING.md). Needs gh with GH_TOKEN.
# "blocked" is set and taken away by people; while it is there, it is the state.
set -euo pipefail

# shellcheck disable=SC2016 # The variables are those of GraphQL.
query='query($owner: String!, $name: String!, $endCursor: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(states: OPEN, first: 50, after: $endCursor) {
      pageInfo { hasNextPage endCursor }
      nodes {
        number isDraft reviewDecision headRefOid
        labels(first: 100) { nodes { name } }
        reviews(last: 1, states: [CHANGES_REQUESTED]) { nodes { commit { oid } } }
      }
    }
  }
}'
rows='.data.repository.pullRequests.nodes[] | [
  .number, .isDraft, (.reviewDecision // "NONE"), .headRefOid, (.reviews.nodes[0].commit.oid // "none"), ([.labels.nodes[].name | select(startswith("state: "))] | join("|"))
] | map(tostring) | join("\t")'

# A push after a request for changes is the answer to it: the reviewers are asked again.
state() {
  local draft=$1 decision=$2 head=$3 asked=$4 labels=$5
  if [[ "|$labels|" == *'|state: blocked|'* ]]; then echo 'state: blocked'
  elif [[ $draft == true ]]; then echo 'state: in progress'
  elif [[ $decision == CHANGES_REQUESTED && $head == "$asked" ]]; then echo 'state: needs changes'
  elif [[ $decision == APPROVED ]]; then echo 'state: ready'
  else echo 'state: needs review'
  fi
}

pulls=$(gh api graphql --paginate -F owner='{owner}' -F name='{repo}' -f query="$query" --jq "$rows")
while IFS=$'\t' read -r number draft decision head asked labels; do
  [[ -n $number ]] || continue
  wanted=$(state "$draft" "$decision" "$head" "$asked" "$labels")
  if [[ "|$labels|" != *"|$wanted|"* ]]; then
    gh api --silent --method POST "repos/{owner}/{repo}/issues/$number/labels" -f "labels[]=$wanted"
    printf '#%s: %s\n' "$number" "$wanted"
  fi
  IFS='|' read -ra old <<<"$labels"
  for label in ${old[@]+"${old[@]}"}; do
    [[ $label != "$wanted" ]] || continue
    name=${label//:/%3A}
    gh api --silent --method DELETE "repos/{owner}/{repo}/issues/$number/labels/${name// /%20}"
  done
done <<<"$pulls"
