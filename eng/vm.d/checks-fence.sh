# Sourced by eng/vm: the firewall table and what may wipe it.

fenced() {
    chapter "The fence"
    check "from the host, its own ssh is reached" guest 'timeout 5 bash -c "</dev/tcp/10.0.2.15/22" && echo open'
    check "from an app it is refused" same refused "$(guest from-app express 10.0.2.15 22)"
    check "so is the private network's gateway" same refused "$(guest from-app express 10.0.2.2 22)"
    check "an app resolves names and reaches the world" guest "docker exec \$(container express) node -e \"require('http').get('http://deb.debian.org/', r => { console.log(r.statusCode); process.exit() }).on('error', e => { console.log(e.message); process.exit(1) })\""
    check "without the table ssh is open to the app" same open "$(guest 'fence remove && from-app express 10.0.2.15 22')"
    check "the server puts the table back" within 45 guest fence is-up
    check "and it is refused again" same refused "$(guest from-app express 10.0.2.15 22)"

    # The server would mend it within half a minute: now only the units are there to do it.
    guest systemctl stop slipway-server
    check "nftables.service, started with a ruleset that flushes all, leaves the table standing" guest 'systemctl enable -q --now nftables && grep -q "^flush ruleset" /etc/nftables.conf && fence is-up'
    check "so does its restart" guest 'systemctl restart nftables && fence is-up'
    check "so does its reload" guest 'systemctl reload nftables && sleep 2 && fence is-up'
    guest systemctl start slipway-server
    check "the server starts again" within 60 guest server-ready
    check "nft flush ruleset by hand is mended by the server" guest 'nft flush ruleset'
    check "the table is back" within 45 guest fence is-up
}
