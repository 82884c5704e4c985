#!/usr/bin/env bash
# Trains through a real Slurm: a cluster of this one machine (munged, slurmctld, slurmd, all of this user's own, on the
# loopback device, with their files in a temporary folder) is started, used by `realm train --slurm`, and stopped again.
#
#   tests/slurm/run_slurm.sh [--yes] [--limit] [BIN]
#
# BIN: the folder of the programs, build/release/bin otherwise. --yes installs the packages that are missing. --limit also
# waits for a job's time limit, which takes two minutes. Exits 0 when all is as it must be, 1 when something is not, and 77
# with the reason where Slurm is not installed.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages="slurmctld slurmd slurm-client munge"
programs="munged slurmctld slurmd sbatch squeue scancel srun sinfo"
yes=0
limit=0
bin=""
for word in "$@"; do
  case "$word" in
    --yes) yes=1 ;;
    --limit) limit=1 ;;
    -*) echo "run_slurm.sh: unknown option $word" >&2; exit 2 ;;
    *) bin=$word ;;
  esac
done
bin=$(cd "${bin:-$here/../../build/release/bin}" 2>/dev/null && pwd) ||
  { echo "run_slurm.sh: there is no folder of programs; build them first" >&2; exit 2; }
PATH=$PATH:/usr/sbin:/sbin

missing() {
  local program
  for program in $programs; do command -v "$program" >/dev/null 2>&1 || printf '%s ' "$program"; done
}
if [ -n "$(missing)" ] && [ "$yes" -eq 1 ]; then
  as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  # shellcheck disable=SC2086  # a list of words
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages ||
    { echo "run_slurm.sh: apt-get could not install $packages" >&2; exit 1; }
fi
if [ -n "$(missing)" ]; then
  echo "skipped: Slurm is not installed (no $(missing)); --yes installs the Debian packages $packages"
  exit 77
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/realm-slurm-XXXXXX") || exit 1
chmod 711 "$work"  # munged wants its socket reachable
export SLURM_CONF=$work/slurm.conf
unset OPENBLAS_CORETYPE RANK WORLD_SIZE
failures=0
left=0  # daemons that would not end
stop_all() {
  trap - EXIT INT TERM
  local name pid
  [ -s "$work/slurmctld.pid" ] && timeout 10 scancel --user="$(id -un)" 2>/dev/null
  for _ in $(seq 50); do
    [ -n "$(timeout 5 squeue --noheader 2>/dev/null)" ] || break
    sleep 0.2
  done
  for name in slurmd slurmctld munged; do
    [ -s "$work/$name.pid" ] || continue
    pid=$(cat "$work/$name.pid")
    kill -CONT "$pid" 2>/dev/null
    kill "$pid" 2>/dev/null
    for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null && say "$name had to be killed"
    kill -0 "$pid" 2>/dev/null && left=$((left + 1))
  done
  rm -rf "$work"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

began=$SECONDS
say() { printf '%4d s  %s\n' $((SECONDS - began)) "$*"; }
check() {  # WHAT IS EXPECTED
  if [ "$2" = "$3" ]; then say "ok: $1: $2"; else say "WRONG: $1: expected $3, found $2"; failures=$((failures + 1)); fi
}
give_up() { say "WRONG: $*"; tail -n 5 "$work"/*.log 2>/dev/null; exit 1; }

# The cluster. Two CPUs, whatever the machine has, so that a job of two leaves none.
head -c 128 /dev/urandom > "$work/munge.key"
chmod 600 "$work/munge.key"
mkdir "$work/state" "$work/spool"
host=$(hostname -s)
port=$((20000 + $$ % 9000))
cat > "$work/slurm.conf" <<CONF
ClusterName=realm
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$work/munge.socket
CredType=cred/munge
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=30
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
munged --key-file="$work/munge.key" --socket="$work/munge.socket" --pid-file="$work/munged.pid" \
  --log-file="$work/munged.log" --seed-file="$work/munged.seed" || give_up "munged does not start"
slurmctld || give_up "slurmctld does not start"
slurmd || give_up "slurmd does not start"
for _ in $(seq 60); do
  node=$(sinfo --noheader --format=%T 2>/dev/null)
  [ "$node" = idle ] && break
  sleep 0.5
done
check "the cluster's node" "$node" idle
[ "$node" = idle ] || give_up "the cluster did not come up"
say "$(slurmctld -V), controller, node and munge run"

# The runs: a small warm-up of the starter model's retriever on the starter workspace's passages.
"$bin/realm" setup starter "$work/starter" --quiet >/dev/null || give_up "the starter workspace cannot be made"
realm() { "$bin/realm" --workspace "$work/starter" --quiet "$@"; }
train() { realm train ict --preset starter --set initial_model=starter --set batch_size=4 --set threads=1 \
  --set log_every_steps=1 --set evaluate_every_steps=100000 --slurm "$@"; }
field() {  # NAME: its first value in a JSON document on standard input
  sed -n "s/^ *\"$1\": *\"\{0,1\}\([^\",]*\).*/\1/p" | head -n 1
}
of_run() { realm runs show "$1" --json | field "$2"; }
log_of() { cat "$work/starter/runs/$1/trainer.log"; }
wait_until() {  # SECONDS COMMAND...
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.5
  done
}
is_in() { [ "$(of_run "$1" state)" = "$2" ]; }
takes_steps() { local step; step=$(of_run "$1" step); [ "${step:-0}" -ge "$2" ]; }
submit() {  # OPTION...: sends a run; sets run and job
  local said
  said=$(train --detach --json "$@") || { failures=$((failures + 1)); say "WRONG: not sent: $*"; return 1; }
  run=$(printf '%s\n' "$said" | field run)
  job=$(printf '%s\n' "$said" | field job)
}

say "-- the script is shown before it is sent"
train --partition main --show-script > "$work/shown" || give_up "no script is shown"
sed 's/^/         /' "$work/shown"

say "-- a job runs, and is asked to save and stop"
submit --partition main --sbatch=--cpus-per-task=2 --set steps=100000 || give_up "a job cannot be sent"
first=$run
train --partition main --sbatch=--cpus-per-task=2 --set steps=100000 --show-script > "$work/shown"
cmp -s "$work/shown" "$work/starter/runs/$run/trainer.sbatch"
check "difference between the script shown and the one sent" "$?" 0
wait_until 120 takes_steps "$first" 3 || { log_of "$first"; give_up "run $first takes no steps"; }
say "run $first is job $job: $(squeue --noheader --format='%i %T %M %N' --jobs="$job")"
say "$(of_run "$first" launch) State $(of_run "$first" state), step $(of_run "$first" step)."
check "state of the run" "$(of_run "$first" state)" running
check "its job, as realm runs tells it" "$(of_run "$first" job)" "$job"

say "-- a second one waits for the CPUs, and is taken out of the queue"
submit --set steps=50
second=$run
waits() { case "$(of_run "$second" launch)" in *Resources* | *Priority*) true ;; *) false ;; esac; }
wait_until 30 waits
say "$(realm runs list | grep "$second")"
check "state of the second run" "$(of_run "$second" state)" queued
realm runs delete "$second" 2> "$work/words"
check "deleting it meanwhile" "$?" 1
say "$(cat "$work/words")"
realm runs stop "$second" > /dev/null
wait_until 30 is_in "$second" stopped
check "state of the second run" "$(of_run "$second" state)" stopped
say "$(of_run "$second" exit_message)"

realm runs stop "$first" > /dev/null
wait_until 60 is_in "$first" stopped
check "state of the first run" "$(of_run "$first" state)" stopped
check "the step that it saved is the one it stopped at" \
  "$(realm runs show "$first" --json | sed -n 's/^ *"step": *\([0-9]*\).*/\1/p' | sort -u | wc -l)" 1
say "$(of_run "$first" exit_message) Step $(of_run "$first" step)."

say "-- a job that is waited for finishes, and its numbers are in the run database"
said=$(train --set steps=20 --json) || give_up "a job that is waited for fails"
run=$(printf '%s\n' "$said" | field run)
check "state" "$(printf '%s\n' "$said" | field state)" finished
check "numbers named loss" "$(realm runs metrics "$run" --name loss --json | wc -l)" 20

say "-- SIGTERM, as Ctrl+C, while a job is waited for"
before=$run
"$bin/realm" --workspace "$work/starter" train ict --preset starter --set initial_model=starter --set batch_size=4 \
  --set steps=100000 --slurm > "$work/out" 2> "$work/words" &
waiting=$!
begins() { run=$(realm runs list --json | field id); [ "$run" != "$before" ] && takes_steps "$run" 3; }
wait_until 120 begins
kill -TERM "$waiting"
wait "$waiting"
check "its exit code" "$?" 0
say "$(cat "$work/out")"
check "state" "$(of_run "$run" state)" stopped

say "-- two tasks train one run together"
if said=$(train --ranks 2 --set steps=20 --json); then
  run=$(printf '%s\n' "$said" | field run)
  check "state" "$(printf '%s\n' "$said" | field state)" finished
  check "numbers named loss" "$(realm runs metrics "$run" --name loss --json | wc -l)" 20
  said=$(timeout 20 "$bin/realm" --workspace "$work/starter" --quiet runs follow "$run" | grep -o "with 2 processes" | head -n 1)
  check "its log" "$said" "with 2 processes"
elif log_of "$(realm runs list --json | field id)" | grep -q "built without Gloo"; then
  say "left out: the trainer was built without Gloo, so one process trains a run"
else
  log_of "$(realm runs list --json | field id)"
  check "a job of two tasks" failed finished
fi

say "-- a job is stopped without saving, and another one killed"
submit --set steps=100000
wait_until 120 takes_steps "$run" 3
realm runs stop "$run" --now > /dev/null
wait_until 60 is_in "$run" stopped
check "state after stop --now" "$(of_run "$run" state)" stopped
check "its checkpoint" "$(of_run "$run" checkpoint)" null
submit --set steps=100000 --set checkpoint_every_steps=100
wait_until 120 takes_steps "$run" 101
kill -9 "$(of_run "$run" pid)"
wait_until 60 is_in "$run" lost
check "state after kill -9" "$(of_run "$run" state)" lost
say "$(of_run "$run" exit_message)"
realm train --resume "$run" --slurm --detach
goes_on() { is_in "$run" running && [ "$(of_run "$run" stage)" = train ]; }
wait_until 120 goes_on
say "$(of_run "$run" launch) Step $(of_run "$run" step)."
realm runs stop "$run" > /dev/null
wait_until 60 is_in "$run" stopped
check "state after it was resumed and stopped" "$(of_run "$run" state)" stopped
check "that it went on from a checkpoint" \
  "$(timeout 20 "$bin/realm" --workspace "$work/starter" --quiet runs follow "$run" | grep -c "Resumed at step")" 1

say "-- what Slurm refuses, it says itself"
train --partition nowhere --set steps=1 2> "$work/words"
check "exit code" "$?" 1
say "$(cat "$work/words")"

if [ "$limit" -eq 1 ]; then
  say "-- at its time limit a job saves"
  submit --time 1 --set steps=1000000
  wait_until 240 is_in "$run" stopped
  check "state" "$(of_run "$run" state)" stopped
  say "$(of_run "$run" exit_message) Step $(of_run "$run" step)."
  check "whether it has a checkpoint" "$([ -d "$work/starter/runs/$run/checkpoints" ] && echo yes)" yes
fi

say "-- a controller that hangs holds nobody up"
submit --sbatch=--hold --set steps=1
kill -STOP "$(cat "$work/slurmctld.pid")"
asked=$SECONDS
said=$(of_run "$run" launch)
took=$((SECONDS - asked))
kill -CONT "$(cat "$work/slurmctld.pid")"
say "$said"
check "it took at most 25 s" "$([ "$took" -le 25 ] && echo yes || echo "$took s")" yes
held() { of_run "$run" launch | grep -q Held; }
wait_until 30 held
say "$(of_run "$run" launch)"
realm runs stop "$run" > /dev/null

stop_all
check "daemons that are left" "$left" 0
if [ "$failures" -gt 0 ]; then
  say "$failures of the checks failed"
  exit 1
fi
say "all as it must be"
