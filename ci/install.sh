#!/usr/bin/env bash
# Gives the step after it verifierctl: the one in VERIFIERCTL, or one built from this checkout into RUNNER_TEMP.
set -euo pipefail

tool=${VERIFIERCTL:-}
if [[ -z $tool ]]; then
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
  folder=$RUNNER_TEMP/verifierctl
  # Nothing is written into the checkout, and only packages of the lock files are taken.
  DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 dotnet publish "$root/src/Client/Client.csproj" --configuration Release --output "$folder" \
    --artifacts-path "$RUNNER_TEMP/verifierctl-build" -p:RestoreLockedMode=true --disable-build-servers --verbosity quiet --nologo
  tool=$folder/verifierctl.dll
fi
if [[ ! -f $tool ]]; then
  printf 'install.sh: error: there is no verifierctl at %q\n' "$tool" >&2
  exit 1
fi
printf 'verifierctl=%s\n' "$tool" >>"$GITHUB_OUTPUT"
