#!/usr/bin/env bash
# Publishes the service for the image: the .NET runtime with it, compiled ahead (ReadyToRun), and the list of its NuGet packages.
#   build/image/publish.sh OUT
# makes OUT/app and OUT/nuget.cdx.json. Needs the .NET SDK; runs in the Containerfile, and by itself. Leaves obj and bin of the
# projects alone.
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
cd "$(dirname "$0")/../.."

case "${TARGETARCH:-$(uname -m)}" in
  amd64 | x86_64) runtime=linux-x64 ;;
  arm64 | aarch64) runtime=linux-arm64 ;;
  *) echo "error: no image is made for ${TARGETARCH:-$(uname -m)}" >&2; exit 1 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Packages must be those of the lock files, by content. The second restore, in publishing, takes them from where the first put them, and
# adds the runtime and the compiler of this SDK. Analyzers have their say when the solution is built, and change nothing here.
dotnet restore src/Verifier --locked-mode --artifacts-path "$work/locked" -v quiet
dotnet publish src/Verifier -c Release -r "$runtime" --self-contained --artifacts-path "$work/build" -o "$out/app" -v quiet \
  -p:PublishReadyToRun=true -p:DebugType=none -p:ContinuousIntegrationBuild=true -p:RunAnalyzers=false
# Only the service is run.
find "$out/app" -type f -exec chmod 0644 {} +
chmod 0755 "$out/app/Verifier.Service"

dotnet tool restore >/dev/null
version=$(dotnet msbuild src/Verifier -getProperty:Version)
dotnet tool run dotnet-CycloneDX src/Verifier/Verifier.csproj --disable-package-restore --base-intermediate-output-path "$work/build" \
  --runtime "$runtime" --spec-version 1.6 --output-format Json --output "$out" --filename nuget.cdx.json \
  --no-serial-number --set-type Container --set-name verifier --set-version "$version" >"$work/sbom.log" || { cat "$work/sbom.log" >&2; exit 1; }
grep -q '"components": \[$' <(sed '/"tools"/,/^    }/d' "$out/nuget.cdx.json") || { cat "$work/sbom.log" >&2; echo "error: the list of NuGet packages is empty" >&2; exit 1; }
