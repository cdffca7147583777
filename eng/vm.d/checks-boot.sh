# Sourced by eng/vm: the engine goes, the machine goes.

engine_restarts() {
    chapter "The engine goes"
    local before
    before=$(guest container static)
    check "the engine that Slipway installed keeps apps running without it" same true "$(guest "docker info -f '{{.LiveRestoreEnabled}}'")"
    check "systemctl restart docker loses no request" guest "under-load $static_url 'systemctl restart docker'"
    check "kill -9 of dockerd loses no request" guest "under-load $static_url 'kill -9 \$(systemctl show -p MainPID --value docker)'"
    check "dockerd is back" within 60 guest docker version -f "'{{.Server.Version}}'"
    check "both apps answer" within 60 both_answer
    check "by the same container" same "$before" "$(guest container static)"
    check "no unit failed" no_failed_unit
}

came_back() {
    check "both apps answer by themselves" within 300 both_answer
    figure "$1, until both apps answer" "$((($(now) - $2) / 1000)) s"
    check "the server is ready" within 180 guest server-ready
    check "edge, server and firewall are active" within 120 all_units "enabled active"
    check "the fence is up" within 120 guest fence is-up
    check "an app does not reach this host" same refused "$(guest from-app express 10.0.2.15 22)"
    check "no unit failed" no_failed_unit
    check "status tells of it" guest "slipway status --json 2>/dev/null | jq -c '.deployments'"
}

after_reboot() {
    chapter "A reboot"
    local before begin
    before=$(boot_id) begin=$(now)
    guest systemctl reboot || true
    machine_is_back "$before"
    came_back "\`systemctl reboot\`" "$begin"
    check "a deploy works" guest "slipway deploy examples/static --project static --json 2>static.log >static.json && jq -r .state static.json || { tail -n 4 static.log | tr '\n' ' '; false; }"
}

# No process is asked, nothing is written out.
after_power_cut() {
    chapter "A power cut"
    local before begin
    before=$(boot_id) begin=$(now)
    guest 'nohup sh -c "sleep 0.5; echo b >/proc/sysrq-trigger" >/dev/null 2>&1 &' || true
    machine_is_back "$before"
    came_back "power cut" "$begin"
}
