#!/usr/bin/env bash
# A cold check as a person waits for it, exec to exit, beside the floor: benches/cold.sh OUT [RUNS]
#
# OUT is a workspace; where there is none, one of SEGUE_BENCH_FILES sequences (10,000) is made there. Both programs are the
# same build and take turns, so that what else the machine does falls on both; the figures are medians.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:?usage: benches/cold.sh OUT [RUNS]}
runs=${2:-20}

cargo build --quiet --locked --release --bin segue --example floor --example generate
release=${CARGO_TARGET_DIR:-target}/release
if [ ! -e "$out/segue.yaml" ]; then
  "$release/examples/generate" "$out" "${SEGUE_BENCH_FILES:-10000}"
fi
echo "floor: $("$release/examples/floor" "$out")"
# Errors are no reason to stop: a workspace with planted mistakes is measured too.
{ "$release/segue" -C "$out" validate || true; } | tail -n 1

python3 - "$runs" "$out" "$release/segue" "$release/examples/floor" <<'PYTHON'
import statistics
import subprocess
import sys
import time

runs, out, segue, floor = int(sys.argv[1]), *sys.argv[2:]
commands = {
    "floor (events)": [floor, out],
    "segue validate": [segue, "-C", out, "validate"],
    "floor (hash)": [floor, out, "hash"],
}
times = {name: [] for name in commands}
for _ in range(runs):
    for name, command in commands.items():
        start = time.perf_counter()
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        times[name].append(1000 * (time.perf_counter() - start))
        if code > 1:
            sys.exit(f"{' '.join(command)} ends with {code}")

median = {name: statistics.median(each) for name, each in times.items()}
for name, each in times.items():
    print(f"{name:15} {median[name]:8.1f} ms   fastest {min(each):.1f}, slowest {max(each):.1f}, {runs} runs")
print(f"validate / floor (events): {median['segue validate'] / median['floor (events)']:.2f}")
print(f"validate / floor (hash):   {median['segue validate'] / median['floor (hash)']:.2f}")
PYTHON
