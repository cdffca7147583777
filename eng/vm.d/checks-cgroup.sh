# Sourced by eng/vm: limits and freezing by cgroup v2.

in_express() { guest "docker exec \$(container express) $1"; }

limited() {
    chapter "Limits of a served container, cgroup v2"
    check "the machine has cgroup v2 and the engine's driver is systemd" same "2 systemd" "$(guest "docker info -f '{{.CgroupVersion}} {{.CgroupDriver}}'")"
    check "memory.max is 512 MiB" same 536870912 "$(guest cgroup express memory.max)"
    check "memory.swap.max is a page, also after systemd has read its units anew" same 4096 "$(guest systemctl daemon-reload; guest cgroup express memory.swap.max)"
    check "cpu.max is half a core" same "50000 100000" "$(guest cgroup express cpu.max)"
    check "pids.max is 512" same 512 "$(guest cgroup express pids.max)"
    check "no capabilities, and no new ones" same "0000000000000000 1" "$(guest "awk '/^CapEff|^NoNewPrivs/ { printf \"%s%s\", s, \$2; s = \" \" }' /proc/\$(container express '{{.State.Pid}}')/status")"
    local before after begin
    begin=$(now) before=$(guest "cgroup express cpu.stat | awk '/^usage_usec/ { print \$2 }'")
    in_express "timeout 4 sh -c 'while :; do :; done'" || true
    after=$(guest "cgroup express cpu.stat | awk '/^usage_usec/ { print \$2 }'")
    # By the clock, for an emulated machine takes its time over what comes before and after.
    check "an endless loop gets about half a core" awk "BEGIN { s = ($after - $before) / 1000000; of = ($(now) - $begin) / 1000; print s \" s of \" of; exit !(s > 1 && s < 0.6 * of) }"
    in_express "sh -c 'i=0; while [ \$i -lt 600 ]; do sleep 20 & i=\$((i+1)); done'" >/dev/null 2>&1 || true
    check "600 processes are stopped at the limit" guest "cgroup express pids.events | tee /dev/stderr | grep -q '^max [1-9]'"
    check "the app answers on" within 120 both_answer
    in_express "node -e 'const all = []; for (let i = 0; i < 700; i++) all.push(Buffer.alloc(1048576, 1))'" >/dev/null 2>&1 || true
    check "700 MiB are not had" guest "journalctl -k -b --no-pager | grep -c 'oom-kill:constraint=CONSTRAINT_MEMCG'"
    check "the app answers on or again" within 120 both_answer
}

frozen() {
    chapter "Freeze and thaw by cgroup v2"
    local file='/sys/fs/cgroup$(cut -d: -f3 /proc/$(container static "{{.State.Pid}}")/cgroup)'
    check "cgroup.freeze freezes" guest "echo 1 >$file/cgroup.freeze; sleep 0.3; cgroup static cgroup.events | grep 'frozen 1'"
    check "the engine does not notice" same "running false" "$(guest container static "'{{.State.Status}} {{.State.Paused}}'")"
    check "whoever froze it, a request is answered" guest "curl -s -m 20 -o /dev/null -w '%{http_code} %{time_total}' $static_url | tee waited; grep -q ^200 waited"
    guest "echo 0 >$file/cgroup.freeze"
    local said
    said=$(guest thaw-timing static "$static_url" || true)
    figure "GET through the edge, medians of 11 in ms, curl's start included" "$said"
    check "both apps answer" within 120 both_answer
}
