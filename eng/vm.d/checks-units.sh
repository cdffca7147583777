# Sourced by eng/vm: units, and who keeps them running.

units="slipway-edge slipway-companion slipway-server slipway-firewall"
statics='Plain files, served as they are' expresses='Hello from Express'

both_answer() { guest "answers $static_url '$statics' && answers $express_url '$expresses'"; }

all_units() { guest "for u in $units; do [ \"\$(systemctl is-enabled \$u) \$(systemctl is-active \$u)\" = \"$1\" ] || { echo \"\$u is not $1\"; exit 1; }; done; echo '$1'"; }

no_failed_unit() { guest 'systemctl --failed --plain --no-legend | tee /tmp/failed; ! [ -s /tmp/failed ]'; }

first_up() {
    chapter "A fresh Debian, \`slipway up\` as root"
    local begin
    begin=$(now)
    check "it has neither engine nor git nor nftables" guest '! command -v dockerd git nft'
    check "slipway up installs what is missing and ends well" guest 'slipway up --json >up.json 2>up.log || { tail -3 up.log; false; }'
    figure "\`slipway up\` on a machine without an engine" "$((($(now) - begin) / 1000)) s"
    check "it says that this outlives a reboot" guest 'jq -e .survivesReboot up.json'
    check "edge, server and firewall are units, enabled and active" all_units "enabled active"
    check "the server is its unit's process" same "$(guest jq .server.pid up.json)" "$(guest systemctl show -p MainPID --value slipway-server)"
    check "the edge is its unit's process" same "$(guest jq .edge.pid up.json)" "$(guest systemctl show -p MainPID --value slipway-edge)"
    check "the edge's unit runs the native program" same /opt/slipway/slipway-edge "$(guest 'readlink /proc/$(systemctl show -p MainPID --value slipway-edge)/exe')"
    check "the port that the edge chose is kept for the next boot" guest "grep 'SLIPWAY_PORT=\"80\"' .slipway/units.env"
    check "what the units keep of the environment is root's alone to read" same 600 "$(guest stat -c %a .slipway/units.env)"
    check "no unit failed" no_failed_unit
    check "systemd has nothing to say against the texts" guest 'systemd-analyze verify /etc/systemd/system/slipway-*.service 2>&1 | tee verified; ! grep slipway verified'
    check "a second up changes nothing" same "$(guest jq -c '[.server.pid,.edge.pid]' up.json)" "$(guest 'slipway up --json 2>/dev/null' | jq_guest -c '[.server.pid,.edge.pid]')"
}

jq_guest() { guest "jq $(printf '%q ' "$@")"; }

deploy() { # deploy APP TEXT
    local begin
    begin=$(now)
    check "examples/$1 ends ready" guest "slipway deploy examples/$1 --project $1 --json >$1.json 2>$1.log && jq -r .state $1.json || { tail -n 4 $1.log | tr '\n' ' '; false; }"
    figure "deploy of examples/$1, base image made here included" "$((($(now) - begin) / 1000)) s"
    check "its URL answers through the edge" guest "answers \$(jq -r .url $1.json) '$2'"
}

deploy_apps() {
    chapter "Deploys"
    deploy static "$statics"
    deploy express "$expresses"
    static_url=$(guest jq -r .url static.json) express_url=$(guest jq -r .url express.json)
}

kept_by_systemd() {
    chapter "Kept by systemd"
    local kill_server='kill -9 $(systemctl show -p MainPID --value slipway-server)' begin
    check "kill -9 of the server loses no request" guest "under-load $express_url '$kill_server'"
    check "systemd has it back" within 180 guest server-ready
    check "systemctl restart of the server loses no request" guest "under-load $express_url 'systemctl restart slipway-server'"
    check "it is ready again" within 180 guest server-ready
    check "killed six times within ten seconds" guest "for i in 1 2 3 4 5 6; do $kill_server; sleep 1.4; done"
    check "it still comes back" within 180 guest server-ready
    begin=$(now)
    check "the edge is killed" guest 'kill -9 $(systemctl show -p MainPID --value slipway-edge)'
    check "it is back with its table, and both apps answer" within 120 both_answer
    figure "edge killed, until both apps answer again" "$(($(now) - begin)) ms"
}

taken_down() {
    chapter "\`slipway down\`"
    local before
    check "it ends well" guest 'slipway down --json 2>&1'
    check "the units are disabled and inactive" all_units "disabled inactive"
    check "nothing listens on port 80 any more" guest "! curl -s -m 5 -o /dev/null $static_url"
    check "the apps' containers run on" same "true true" "$(guest "echo \$(container static '{{.State.Running}}') \$(container express '{{.State.Running}}')")"
    check "the fence stays around them" guest fence is-up
    before=$(boot_id)
    guest systemctl reboot || true
    machine_is_back "$before"
    check "what was taken down stays down over a reboot" all_units "disabled inactive"
    check "slipway up brings it back" guest 'slipway up --json 2>up.log || { tail -3 up.log; false; }'
    check "and both apps answer" within 300 both_answer
    check "down, the units' files removed: systemd knows none of it" guest "slipway down 2>/dev/null && rm /etc/systemd/system/slipway-* && systemctl daemon-reload && ! systemctl list-unit-files 'slipway-*' --no-legend | grep ."
}
