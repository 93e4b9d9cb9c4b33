#!/usr/bin/env bash
# Makes the files of the image, in OUT/root, and those that its user owns, in OUT/owned: the published service, the libraries of Debian that
# it needs, authorities for TLS, its user, and the SBOM. No shell and no package manager get in: of each package only what is named here is
# taken. apt checks Debian's signatures.
#   build/image/rootfs.sh PUBLISHED OUT
# PUBLISHED is what publish.sh made; OUT must not exist. Needs apt-get, dpkg-deb and jq; runs in the Containerfile, and by itself.
set -euo pipefail
published=$1 out=$2/root owned=$2/owned
[ ! -e "$2" ] || { echo "error: $2 exists" >&2; exit 1; }

suite=${DEBIAN_SUITE:-trixie}
# Mirrors are those of this machine's own apt, unless they are named: a list of ours would go stale, and sites have their own.
# shellcheck disable=SC2016 # apt itself puts the address there
of_apt() { apt-get indextargets --format '$(REPO_URI)' | grep -m 1 -E "/$1/?$" || true; }
mirror=${DEBIAN_MIRROR:-$(of_apt debian)}
security=${DEBIAN_SECURITY_MIRROR:-$(of_apt debian-security)}
if [ -z "$mirror" ] || [ -z "$security" ]; then
  echo "error: this machine's apt has no mirror of Debian; name one each in DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR" >&2
  exit 1
fi
keyring=${DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
architecture=${TARGETARCH:-$(dpkg --print-architecture)}

# What the runtime and OpenSSL are linked to, the notice that goes with GCC's libraries, and which Debian this is. Time zones, ICU and
# Kerberos are not needed: the service writes UTC, has no cultures and signs on nowhere.
packages=(base-files ca-certificates gcc-14-base libc6 libgcc-s1 libssl3t64 libstdc++6 libzstd1 zlib1g)
taken=(etc/debian_version 'etc/ld.so.conf.d/*' 'usr/lib/os-release' 'usr/lib*/ld-linux*' 'usr/lib/*-linux-gnu/*.so*' 'usr/share/common-licenses/*'
  'usr/share/doc/*/copyright')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/debs" "$work/all"
: >"$work/status"
for at in "$mirror $suite" "$mirror $suite-updates" "$security $suite-security"; do echo "deb [signed-by=$keyring] $at main"; done >"$work/sources.list"
# What is set of proxies on this machine stays; its sources and packages do not count.
apt=(apt-get -q -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State="$work" -o Dir::State::status="$work/status"
  -o Dir::Cache="$work/cache" -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" -o APT::Sandbox::User=root
  -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=3)
"${apt[@]}" update
(cd "$work/debs" && "${apt[@]}" download "${packages[@]}")

# Each package leaves a record where scanners look for it in images without dpkg, and a component of the SBOM.
mkdir -p "$out/var/lib/dpkg/status.d"
for deb in "$work"/debs/*.deb; do
  dpkg-deb -x "$deb" "$work/all"
  name=$(dpkg-deb -f "$deb" Package) version=$(dpkg-deb -f "$deb" Version) arch=$(dpkg-deb -f "$deb" Architecture)
  { dpkg-deb -f "$deb" | sed '1a Status: install ok installed'; echo; } >"$out/var/lib/dpkg/status.d/$name"
  jq -n --arg name "$name" --arg version "$version" --arg arch "$arch" --arg suite "$suite" --arg from "$(dpkg-deb -f "$deb" Maintainer)" \
    --arg about "$(dpkg-deb -f "$deb" Description | head -n 1)" --arg hash "$(sha256sum "$deb" | cut -d ' ' -f 1)" '
    "pkg:deb/debian/\($name | @uri)@\($version | @uri)?arch=\($arch)&distro=\($suite)" as $purl
    | { type: "library", "bom-ref": $purl, supplier: { name: $from }, name: $name, version: $version, description: $about,
        scope: "required", hashes: [{ alg: "SHA-256", content: $hash }], purl: $purl }' >"$work/debs/$name.json"
done
(cd "$work/all" && shopt -s nullglob && for pattern in "${taken[@]}"; do
  # shellcheck disable=SC2206 # the pattern is meant to match
  found=($pattern)
  [ ${#found[@]} -gt 0 ] || { echo "error: no file of the packages matches $pattern" >&2; exit 1; }
  cp -a --parents "${found[@]}" "$out/"
done)
ln -s usr/lib "$out/lib"
[ ! -d "$out/usr/lib64" ] || ln -s usr/lib64 "$out/lib64"
mkdir -p "$out/etc/ssl/certs" "$out/usr/lib/ssl"
ln -s ../usr/lib/os-release "$out/etc/os-release"

# As update-ca-certificates makes it, and the link by which OpenSSL's own place leads there.
cat "$work"/all/usr/share/ca-certificates/mozilla/*.crt >"$out/etc/ssl/certs/ca-certificates.crt"
ln -s /etc/ssl/certs "$out/usr/lib/ssl/certs"

printf '%s\n' 'root:x:0:0:root:/root:/nonexistent' 'verifier:x:65532:65532:verifier:/data:/nonexistent' >"$out/etc/passwd"
printf '%s\n' 'root:x:0:' 'verifier:x:65532:' >"$out/etc/group"
printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >"$out/etc/nsswitch.conf"

# Where runtimes mount; /etc/verifier for settings in a file; /data for the registry, whose owner and mode a new volume takes over.
mkdir "$out"/{proc,sys,dev,run,root}
install -d -m 0755 "$out/etc/verifier"
install -d -m 1777 "$out/tmp"
mkdir "$owned"
install -d -m 0700 "$owned/data"
cp -R "$published/app" "$out/app"

# One SBOM: the packages that publishing found less those that are not in /app, the .NET runtime that is, and Debian's.
mkdir -p "$out/usr/share/doc/verifier"
jq -s . "$work"/debs/*.json >"$work/debian.json"
jq --arg at "$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%dT%H:%M:%SZ)" --slurpfile deps "$published/app/Verifier.Service.deps.json" --slurpfile debian "$work/debian.json" '
  ($deps[0].libraries | to_entries | map(select(.value.type == "package") | "pkg:nuget/" + (.key | sub("/"; "@")))) as $inside
  | ($deps[0].libraries | keys | map(select(startswith("runtimepack.")) | ltrimstr("runtimepack.") | split("/")
      | "pkg:nuget/\(.[0])@\(.[1])" as $purl
      | { type: "framework", "bom-ref": $purl, supplier: { name: "Microsoft" }, name: .[0], version: .[1], scope: "required",
          licenses: [{ license: { id: "MIT" } }], purl: $purl })) as $runtime
  | .metadata.timestamp = $at
  | .metadata.component."bom-ref" as $image
  | .components |= map(select(.purl as $purl | any($inside[]; . == $purl))) + $runtime + $debian[0]
  | ([$image] + (.components | map(."bom-ref"))) as $kept
  | .dependencies |= map(select(.ref as $ref | any($kept[]; . == $ref))
      | .dependsOn = ((.dependsOn // []) - ((.dependsOn // []) - $kept) + if .ref == $image then ($runtime + $debian[0] | map(."bom-ref")) else [] end))' \
  "$published/nuget.cdx.json" >"$out/usr/share/doc/verifier/sbom.cdx.json"

# Nothing else may have come along that runs as somebody else, or at all.
find "$out" -type f -perm /6000 -exec chmod ug-s {} +
find "$out/usr" -type f -exec chmod 0644 {} +
find "$out/usr" -type f -name 'ld-linux*' -exec chmod 0755 {} +
