#!/usr/bin/env bash
# Publishes the service as its image has it (build/image/publish.sh), and verifierctl as docs/cli.md tells, each into a folder of OUT.
# usage: perf/publish.sh OUT
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
case "$(uname -m)" in aarch64) platform=linux-arm64 ;; *) platform=linux-x64 ;; esac
# What stands beside the output of ordinary builds is not touched.
dotnet publish src/Verifier -c Release -r "$platform" --self-contained --artifacts-path "$out/build" -o "$out/service" -v q -p:PublishReadyToRun=true -p:DebugType=none
dotnet publish src/Client -c Release -r "$platform" --self-contained false --artifacts-path "$out/build" -o "$out/client" -v q -p:PublishReadyToRun=true
rm -rf "$out/build"
