#!/usr/bin/env bash
# A check as a person waits for it, exec to exit, beside the floor: benches/cold.sh OUT [RUNS]
#
# OUT is a workspace; where there is none, one of SEGUE_BENCH_FILES sequences (10,000) is made there. All programs are the
# same build and take turns, so that what else the machine does falls on all of them; the figures are medians.
#
#   floor (events)   walk, read, and take the YAML parser's events: what any check has to do
#   floor (hash)     walk, read, and hash: what any second run has to do
#   cold             segue validate --no-cache
#   warm             segue validate, when the run before remembered everything
#   start            segue validate on the samples of this repository
#   phases           each part of a check by itself, in one process
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:?usage: benches/cold.sh OUT [RUNS]}
runs=${2:-20}

cargo build --quiet --locked --release --bin segue --example floor --example generate --example phases
release=${CARGO_TARGET_DIR:-target}/release
if [ ! -e "$out/segue.yaml" ]; then
  "$release/examples/generate" "$out" "${SEGUE_BENCH_FILES:-10000}"
fi
XDG_CACHE_HOME=$(mktemp -d)
export XDG_CACHE_HOME
trap 'rm -rf "$XDG_CACHE_HOME"' EXIT
echo "floor: $("$release/examples/floor" "$out")"
# Errors are no reason to stop: a workspace with planted mistakes is measured too. This run fills the cache.
{ "$release/segue" -C "$out" validate || true; } | tail -n 1

python3 - "$runs" "$out" "$release" "$PWD" "$XDG_CACHE_HOME" <<'PYTHON'
import statistics
import subprocess
import sys
import time

runs, out, release, here, cache = int(sys.argv[1]), *sys.argv[2:]
segue, floor = f"{release}/segue", f"{release}/examples/floor"
commands = {
    "floor (events)": [floor, out],
    "cold": [segue, "-C", out, "validate", "--no-cache"],
    "floor (hash)": [floor, out, "hash"],
    "warm": [segue, "-C", out, "validate"],
    "start": [segue, "-C", here, "validate"],
}
times = {name: [] for name in commands}
phases = {}
for _ in range(runs):
    for name, command in commands.items():
        start = time.perf_counter()
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        times[name].append(1000 * (time.perf_counter() - start))
        if code > 1:
            sys.exit(f"{' '.join(command)} ends with {code}")
    told = subprocess.run([f"{release}/examples/phases", out, f"{cache}/phases"], check=True, capture_output=True, text=True)
    for line in told.stdout.splitlines():
        name, milliseconds = line.rsplit(None, 1)
        phases.setdefault(name.strip(), []).append(float(milliseconds))

median = {name: statistics.median(each) for name, each in times.items()}
for name, each in times.items():
    print(f"{name:15} {median[name]:8.1f} ms   fastest {min(each):.1f}, slowest {max(each):.1f}, {runs} runs")
for name, each in phases.items():
    print(f"  {name:13} {statistics.median(each):8.1f} ms   fastest {min(each):.1f}")
print(f"cold / floor (events): {median['cold'] / median['floor (events)']:.2f}   wanted: at most 2.0")
print(f"warm / floor (hash):   {median['warm'] / median['floor (hash)']:.2f}   wanted: at most 2.0")
PYTHON
