#!/usr/bin/env bash
# Times a bulk edit by script against the same edit by ruamel.yaml, and what else scripts do in bulk.
#
# Usage: benches/bulk.sh [FILES] [RUNS]
#
# In FILES generated sequences (1,000) a wait is changed, a tag added and a step inserted: shown only (parse, edit, verify,
# difference), committed, and by a Python script that loads and dumps with ruamel.yaml in one process. All are run in turn,
# RUNS times (5); medians are told, and how many times as long ruamel.yaml takes. Then 10,000 records are connected by a
# script, and an empty script is run. ruamel.yaml is installed into a folder of its own from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."

files=${1:-1000}
runs=${2:-5}
cargo build --quiet --release --bin segue --example generate
segue=$PWD/target/release/segue
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SEGUE_ACTOR=bench

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet ruamel.yaml
target/release/examples/generate "$work/clean" "$files" > "$work/generated.log"
mkdir -p "$work/clean/scripts"

cat > "$work/clean/scripts/bulk.rhai" <<'RHAI'
for s in sequences() {
    s.edit(|draft| {
        draft.tags += "bulk";
        for step in draft.steps.filter(|step| step.type == "wait") {
            step["for"] = "4d 2h";
            break;
        }
        for step in draft.steps {
            draft.steps.insert_after(step.id, #{ id: "bulk-task", type: "task", name: "Look at it: again" });
            break;
        }
    });
}
RHAI
echo 'let nothing = 0;' > "$work/clean/scripts/empty.rhai"

cat > "$work/bulk.py" <<'PYTHON'
import pathlib, sys
from ruamel.yaml import YAML

yaml = YAML()
yaml.preserve_quotes = True
yaml.width = 4096
yaml.indent(mapping=2, sequence=4, offset=2)

def wait(steps):
    for step in steps or []:
        if step.get("type") == "wait":
            return step
        for branch in ("then", "else"):
            found = wait(step.get(branch))
            if found is not None:
                return found
    return None

for path in pathlib.Path(sys.argv[1], "sequences").rglob("*.yaml"):
    if path.name.endswith(".test.yaml"):
        continue
    document = yaml.load(path)
    document.setdefault("tags", []).append("bulk")
    step = wait(document["steps"])
    if step is not None:
        step["for"] = "4d 2h"
    document["steps"].insert(1, {"id": "bulk-task", "type": "task", "name": "Look at it: again"})
    with path.open("w") as out:
        yaml.dump(document, out)
PYTHON

now() { date +%s%N; }
timed() { local start; start=$(now); "$@" > "$work/out.log" 2> "$work/err.log" || { cat "$work/err.log" >&2; exit 1; }; echo $((($(now) - start) / 1000)); }
median() { sort -n "$1" | awk '{ line[NR] = $1 } END { print line[int((NR + 1) / 2)] }'; }

for _ in $(seq "$runs"); do
    for how in shown committed ruamel; do
        rm -rf "$work/now"
        cp -r "$work/clean" "$work/now"
        case $how in
        shown) timed "$segue" -C "$work/now" run bulk --dry-run --timeout 10m ;;
        committed) timed "$segue" -C "$work/now" run bulk --timeout 10m ;;
        ruamel) timed "$work/python/bin/python" "$work/bulk.py" "$work/now" ;;
        esac >> "$work/$how"
    done
done
shown=$(median "$work/shown") committed=$(median "$work/committed") ruamel=$(median "$work/ruamel")
echo "three changes in each of $files files, medians of $runs runs in turn:"
echo "  segue, shown only   $((shown / 1000)) ms"
echo "  segue, committed    $((committed / 1000)) ms"
echo "  ruamel.yaml         $((ruamel / 1000)) ms"
awk -v r="$ruamel" -v s="$shown" -v c="$committed" 'BEGIN { printf "  ruamel.yaml takes %.1f times as long as shown only, %.1f times as long as committed\n", r / s, r / c }'

rm -rf "$work/now"
mkdir -p "$work/now/sequences" "$work/now/scripts"
printf 'name: Bench\nrecord_type: lead\nowner: bench\nsteps:\n  - {id: call, type: phone_call, name: Call}\n' > "$work/now/sequences/bench.yaml"
{ echo id,name; seq -f 'L-%.0f,Lead' 10000; } > "$work/leads.csv"
echo 'let s = sequence("bench"); for lead in records("lead") { s.connect(lead); }' > "$work/now/scripts/connect.rhai"
echo 'let nothing = 0;' > "$work/now/scripts/empty.rhai"
"$segue" -C "$work/now" activate bench > "$work/out.log"
"$segue" -C "$work/now" records import "$work/leads.csv" --type lead > "$work/out.log"
for _ in $(seq "$runs"); do
    rm -rf "$work/again"
    cp -r "$work/now" "$work/again"
    timed "$segue" -C "$work/again" run connect >> "$work/connect"
    timed "$segue" -C "$work/again" run empty >> "$work/empty"
done
echo "10,000 records connected by a script:  $(($(median "$work/connect") / 1000)) ms"
echo "an empty script, from start to exit:   $(median "$work/empty" | awk '{ printf "%.1f", $1 / 1000 }') ms"
