#!/usr/bin/env bash
# Publishes what release.sh made: build/publish.sh FOLDER, with TAG and GH_TOKEN. Run by the workflow "Release" alone, in its guarded job.
# NUGET_SOURCE and NUGET_API_KEY: where both are set, the packages go to that feed, too. A version that is there already is left as it is.
set -euo pipefail

[[ $# -eq 1 && ${TAG:-} == v* ]] || { echo "usage: TAG=vVERSION build/publish.sh FOLDER" >&2; exit 1; }
cd "$1"
# What was made is what is published: nothing changed, nothing added.
sha256sum --check --strict --quiet SHA256SUMS
for file in *; do
  [[ $file == SHA256SUMS ]] || cut -c 67- SHA256SUMS | grep -qxF -- "$file" || { echo "error: $file is not in SHA256SUMS" >&2; exit 1; }
done
options=(--verify-tag --title "${TAG#v}" --notes-file release-notes.md)
[[ $TAG != *-* ]] || options+=(--prerelease)
gh release view "$TAG" >/dev/null 2>&1 || gh release create "$TAG" "${options[@]}" -- *
if [[ -n ${NUGET_SOURCE:-} && -n ${NUGET_API_KEY:-} ]]; then
  for package in *.nupkg; do
    dotnet nuget push "$package" --source "$NUGET_SOURCE" --api-key "$NUGET_API_KEY" --skip-duplicate
  done
else
  echo "warning: NUGET_SOURCE or NUGET_API_KEY is not set; the packages are at the release only" >&2
fi
