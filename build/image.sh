#!/usr/bin/env bash
# Builds the image of the service without a registry: publishes with this machine's .NET SDK, takes Debian's libraries from a mirror, and
# runs the last stage of the Containerfile on that with buildah. Beside the image it leaves the SBOM.
#   build/image.sh [--output DIR] [--tag NAME] [--no-start]
# --output: where sbom.cdx.json goes (default: out/image); --tag: default localhost/verifier:VERSION; --no-start: does not measure the start.
# Needs the .NET 10 SDK, jq, buildah, and Debian's apt-get and dpkg-deb; to measure the start also podman and runc. As root.
set -euo pipefail
cd "$(dirname "$0")/.."

output=out/image tag='' start=1
while [ $# -gt 0 ]; do
  case "$1" in
    --output) output=$2; shift 2 ;;
    --tag) tag=$2; shift 2 ;;
    --no-start) start=''; shift ;;
    *) echo "usage: build/image.sh [--output DIR] [--tag NAME] [--no-start]" >&2; exit 1 ;;
  esac
done
for tool in dotnet jq buildah apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || { echo "error: $tool was not found" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=$(dotnet msbuild src/Verifier -getProperty:Version)
tag=${tag:-localhost/verifier:$version}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
# One commit gives one time, so that it can give one image.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH

build/image/publish.sh "$work/published"
mkdir "$work/stage" "$work/none"
build/image/rootfs.sh "$work/published" "$work/stage/files"
# The stages that need a registry give way to the folders made above.
buildah build --isolation chroot --format docker --layers=false --quiet --build-context "files=$work/stage" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
  --build-arg "TARGETARCH=$(dpkg --print-architecture)" --timestamp "$SOURCE_DATE_EPOCH" --tag "$tag" --file Containerfile "$work/none" >/dev/null
mkdir -p "$output"
cp "$work/stage/files/root/usr/share/doc/verifier/sbom.cdx.json" "$output/sbom.cdx.json"

id=$(buildah inspect --type image --format '{{.FromImageID}}' "$tag")
bytes=$(buildah images --json "$tag" | jq -r '.[0].size')
echo "image: $tag"
echo "id: sha256:$id"
echo "sbom: $output/sbom.cdx.json, $(jq '.components | length' "$output/sbom.cdx.json") components"
echo "size: $bytes"
[ -z "$start" ] || build/image/start-time.sh "$tag"
