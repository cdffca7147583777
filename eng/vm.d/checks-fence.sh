# Sourced by eng/vm: the firewall table and what may wipe it.

fenced() {
    chapter "The fence"
    check "from the host, its own ssh is reached" guest 'timeout 5 bash -c "</dev/tcp/10.0.2.15/22" && echo open'
    check "from an app it is refused" same refused "$(guest from-app express 10.0.2.15 22)"
    check "so is the private network's gateway" same refused "$(guest from-app express 10.0.2.2 22)"
    check "an app resolves names and reaches the world" guest "docker exec \$(container express) node -e \"require('http').get('http://deb.debian.org/', r => { console.log(r.statusCode); process.exit() }).on('error', e => { console.log(e.message); process.exit(1) })\""
    check "without the table ssh is open to the app" same open "$(guest 'fence remove && from-app express 10.0.2.15 22')"
    check "the server puts the table back" within 90 guest fence is-up
    check "and it is refused again" same refused "$(guest from-app express 10.0.2.15 22)"

    # The server would mend it within half a minute: now only the units are there to do it.
    guest systemctl stop slipway-server
    guest 'systemctl enable -q --now nftables'
    check "nftables.service, whose rules begin with a flush of all, is started: the table is back" within 60 guest 'grep -q "^flush ruleset" /etc/nftables.conf && systemctl is-active -q nftables && fence is-up'
    check "after its restart too" after_flush restart
    check "after its reload too" after_flush reload
    guest systemctl start slipway-server
    check "the server starts again" within 180 guest server-ready
    check "nft flush ruleset by hand is mended by the server" guest 'nft flush ruleset'
    check "the table is back" within 90 guest fence is-up
}

after_flush() { # after_flush VERB: nftables flushes (a table of our own goes), and the fence comes back
    guest "nft add table inet marked && systemctl $1 nftables && ! nft list table inet marked 2>/dev/null" || { echo "nftables was not flushed"; return 1; }
    within 60 guest fence is-up
}
