#!/usr/bin/env bash
# Measures how long the image takes from "podman run" to SERVING on its probe port, as the median of five starts.
#   build/image/start-time.sh IMAGE
# Needs podman and runc. Says so and ends with 0 when it cannot measure.
set -euo pipefail
image=$1
if ! command -v podman >/dev/null || ! command -v runc >/dev/null; then
  echo "start: not measured, podman or runc is missing"
  exit 0
fi
# shellcheck source=build/image/podman.sh
. "$(dirname "$0")/podman.sh"

name="verifier-start-$$"
trap 'podman rm -f "$name" >/dev/null 2>&1 || true; podman volume rm "$name" >/dev/null 2>&1 || true' EXIT
port=$((20000 + RANDOM % 10000))
times=()
for _ in 1 2 3 4 5; do
  began=$(date +%s%N)
  run_image --no-healthcheck --name "$name" -v "$name:/data" -e Server__Address=127.0.0.1 -e "Server__Port=$((port + 1))" -e "Server__ProbePort=$port" \
    -e Kds__Mode=Offline -d "$image" >/dev/null
  # The listener opens once the self-test has passed; the question is asked once, so that the asking is not measured.
  while ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    if [ $(($(date +%s%N) - began)) -gt 60000000000 ]; then podman logs "$name" >&2; echo "error: not serving within 60 s" >&2; exit 1; fi
    sleep 0.01
  done
  times+=($((($(date +%s%N) - began) / 1000000)))
  podman exec "$name" /app/Verifier.Service health >/dev/null
  podman rm -f "$name" >/dev/null
done
echo "start: $(printf '%s\n' "${times[@]}" | sort -n | sed -n 3p) ms from podman run to SERVING, median of five"
