# Sourced: run_image runs a container as the image is meant to be run, also where a machine has old control groups and no init.
# shellcheck shell=bash
run_image() {
  podman --cgroup-manager=cgroupfs --runtime runc run --network host --read-only --cap-drop all --security-opt no-new-privileges \
    --ulimit nofile=1024:4096 --ulimit nproc=1024:4096 "$@"
}
