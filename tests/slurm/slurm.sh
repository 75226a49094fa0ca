#!/usr/bin/env bash
# A SLURM cluster of this one machine with two pretend GPUs: a real slurmctld and slurmd, as root, without
# systemd, munge or accounting.
#   slurm.sh up DIR     install if need be, and start; exits 77 with the reason where that cannot be
#   slurm.sh down DIR   stop
set -euo pipefail
cmd=$1 dir=$2
conf=/etc/slurm # SLURM_CONF would do, but the executor's job steps drop SLURM_*
cluster=sernas-test
unset SLURM_CONF

cannot() { echo "$*"; exit 77; }
ours() { grep -qs "^ClusterName=$cluster$" $conf/slurm.conf; }
state() { timeout 3 sinfo -h -p gpu -o %T 2>/dev/null || true; }
alive() { [ -s "$dir/$1.pid" ] && kill -0 "$(cat "$dir/$1.pid")" 2>/dev/null; }

down() {
  ours || return 0
  timeout 5 scancel --state=RUNNING,PENDING 2>/dev/null || true
  for daemon in slurmd slurmctld; do
    ! alive $daemon || kill "$(cat "$dir/$daemon.pid")"
    for _ in $(seq 40); do alive $daemon || break; sleep 0.25; done
    ! alive $daemon || kill -9 "$(cat "$dir/$daemon.pid")"
  done
  rm -f $conf/slurm.conf $conf/gres.conf
}

if [ "$cmd" = down ]; then
  down
  exit 0
fi

[ "$(id -u)" = 0 ] || cannot "starting slurmd takes root"
if [ -e $conf/slurm.conf ]; then
  ours || cannot "$conf/slurm.conf is there: this machine has a SLURM of its own"
  other=$(cat "$(sed -n 's/^SlurmctldPidFile=//p' $conf/slurm.conf)" 2>/dev/null || true)
  ! kill -0 "${other:-none}" 2>/dev/null || cannot "another test's cluster is up (process $other)"
fi
if ! { command -v slurmctld && command -v slurmd && command -v srun; } >/dev/null; then
  command -v apt-get >/dev/null || cannot "no slurmd here, and no apt-get to install it"
  export DEBIAN_FRONTEND=noninteractive
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends slurm-wlm; } >&2 ||
    cannot "apt-get could not install slurm-wlm"
fi

host=$(hostname -s)
getent hosts "$host" >/dev/null || cannot "the name of this machine, $host, has no address"
mkdir -p "$dir"/{state,spool} $conf
for i in 0 1; do
  mknod -m 666 "$dir/gpu$i" c 1 3 || cannot "no device file can be made here for a pretend GPU"
done
cat >$conf/gres.conf <<EOF
NodeName=$host Name=gpu File=$dir/gpu[0-1] Flags=nvidia_gpu_env
EOF
cat >$conf/slurm.conf <<EOF
ClusterName=$cluster
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/none
CredType=cred/none
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
# whom nothing authenticates, nobody else may reach
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ReturnToService=2
# jobs stay in squeue, there being no accounting
MinJobAge=3600
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
# more processors and memory than there may be: the jobs are small
SlurmdParameters=config_overrides
GresTypes=gpu
NodeName=$host NodeAddr=127.0.0.1 CPUs=16 RealMemory=64000 Gres=gpu:2
PartitionName=cpu Nodes=$host Default=YES
PartitionName=gpu Nodes=$host
EOF
slurmctld -c
slurmd -c
for _ in $(seq 60); do
  [ "$(state)" != idle ] || exit 0
  sleep 0.5
done
echo "SLURM did not come up:"
tail -n 20 "$dir"/slurmctld.log "$dir"/slurmd.log
down
exit 1
