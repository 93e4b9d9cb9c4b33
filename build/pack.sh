#!/usr/bin/env bash
# Makes the NuGet packages, with their symbols, from what was built: build/pack.sh FOLDER
# CONFIGURATION (default Release) must have been built before: nothing is compiled here, so that what is packed is what was tested.
# REPOSITORY_URL: the address of the source that the packages name; without it they name none.
set -euo pipefail
cd "$(dirname "$0")/.."

[[ $# -eq 1 ]] || { echo "usage: build/pack.sh FOLDER" >&2; exit 1; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
for project in SevSnp Contracts Ledger Sdk Client; do
  dotnet pack "src/$project" --configuration "${CONFIGURATION:-Release}" --no-build --output "$1" --verbosity quiet --nologo
done
