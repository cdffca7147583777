# Sourced by eng/vm: the machine itself. Its Debian is made once and kept in artifacts/vm; its disk is new in each run.

vm=$root/artifacts/vm
packages=systemd,systemd-sysv,systemd-resolved,dbus,udev,linux-image-cloud-amd64,initramfs-tools,kmod,openssh-server,ca-certificates,curl,iproute2,procps,libicu76,tzdata,jq,docker-cli
port=${SLIPWAY_VM_PORT:-18112}
memory=${SLIPWAY_VM_MEMORY:-2560}
ssh=(ssh -q -p "$port" -i "$vm/key" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=5 -o ServerAliveInterval=15 root@127.0.0.1)

say() { echo "== $* ($(date +%T))" >&2; }
die() { echo "error: $*" >&2; exit 3; }
guest() { "${ssh[@]}" "$@"; }
now() { date +%s%3N; }

need_programs() {
    [[ $(id -u) -eq 0 ]] || die "a Debian is made as root: run this with sudo"
    local missing=() need
    for need in qemu-system-x86_64:qemu-system-x86 mmdebstrap:mmdebstrap ssh:openssh-client mkfs.ext4:e2fsprogs; do
        command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
    done
    [[ -f $keyring ]] || missing+=(debian-archive-keyring)
    [[ ${#missing[@]} -eq 0 ]] && return
    say "installing ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

publish_programs() {
    ./slipway --version >/dev/null
    eng/publish-static artifacts/static >&2
    eng/publish-edge >&2
}

make_debian() {
    local input
    input=$( (declare -f make_debian; echo "$packages") | cksum)
    [[ -f $vm/made && $(<"$vm/made") == "$input" ]] && return
    say "making a Debian 13"
    rm -rf "$vm"
    mkdir -p "$vm"
    mmdebstrap --quiet --variant=minbase --mode=root --include="$packages" --keyring="$keyring" \
        --aptopt='Acquire::Check-Valid-Until "false"' trixie "$vm/root" \
        "deb http://deb.debian.org/debian trixie main" \
        "deb http://deb.debian.org/debian trixie-updates main" \
        "deb http://deb.debian.org/debian-security trixie-security main"
    ssh-keygen -q -t ed25519 -N '' -f "$vm/key"
    install -D -m 600 "$vm/key.pub" "$vm/root/root/.ssh/authorized_keys"
    printf '[Match]\nName=eth*\n[Network]\nDHCP=yes\n' >"$vm/root/etc/systemd/network/10-vm.network"
    echo slipway-vm >"$vm/root/etc/hostname"
    # It reaches the mirrors as we do: also through a gateway whose authority only this host knows.
    cp /usr/local/share/ca-certificates/*.crt "$vm/root/usr/local/share/ca-certificates/" 2>/dev/null || true
    chroot "$vm/root" update-ca-certificates >/dev/null 2>&1
    chroot "$vm/root" systemctl enable -q systemd-networkd ssh 2>/dev/null
    cp "$vm"/root/boot/vmlinuz-* "$vm/kernel"
    cp "$vm"/root/boot/initrd.img-* "$vm/initrd"
    echo "$input" >"$vm/made"
}

# Server and CLI need a .NET runtime, and the machine has no SDK: it gets ours.
put_programs() { # put_programs ROOT
    local dotnet
    # The way of the launcher: PATH, else the folder of dotnet-install.
    dotnet=$(dirname "$(readlink -f "$(command -v dotnet || echo "$HOME/.dotnet/dotnet")")")
    rm -rf "$1/usr/share/dotnet" "$1/opt/slipway" "$1/root/examples"
    mkdir -p "$1/usr/share/dotnet" "$1/opt/slipway" "$1/root/examples" "$1/usr/local/bin"
    cp -r "$dotnet/dotnet" "$dotnet/host" "$dotnet/shared" "$1/usr/share/dotnet"
    cp -rL artifacts/publish/{cli,server,stamp} "$1/opt/slipway"
    cp -r artifacts/static "$1/opt/slipway/server/static"
    cp artifacts/native/slipway-edge "$1/opt/slipway"
    cp -r examples/{static,express} "$1/root/examples"
    cp eng/vm.d/in-guest/* "$1/usr/local/bin"
}

make_disk() {
    make_debian
    put_programs "$vm/root"
    rm -f "$vm/disk"
    truncate -s 12G "$vm/disk"
    mkfs.ext4 -q -L root -d "$vm/root" "$vm/disk"
}

qemu() { # qemu ACCELERATOR…
    qemu-system-x86_64 -accel "$@" -m "$memory" -smp 2 -display none -monitor none -serial "file:$vm/console.log" \
        -kernel "$vm/kernel" -initrd "$vm/initrd" -append "root=LABEL=root rw console=ttyS0 net.ifnames=0 mitigations=off" \
        -drive "file=$vm/disk,format=raw,if=virtio,cache=unsafe" \
        -nic "user,model=virtio-net-pci,hostfwd=tcp:127.0.0.1:$port-:22" >"$vm/qemu.log" 2>&1 &
    machine=$!
}

# /dev/kvm may be there and not work (seen: a kernel that dies while it unpacks itself), so it is tried.
machine_start() {
    if [[ -w /dev/kvm ]]; then
        say "booting with KVM"
        qemu kvm -cpu host
        if machine_answers 20 2>/dev/null; then accelerator=KVM && return; fi
        machine_stop
    fi
    say "booting with software emulation"
    qemu tcg,thread=multi,tb-size=512 -cpu max,la57=off
    machine_answers 300 || die "it does not boot: $vm/console.log, $vm/qemu.log"
    accelerator="software emulation (TCG)"
}

machine_answers() { # machine_answers SECONDS
    local until=$((SECONDS + $1))
    while [[ $SECONDS -lt $until ]]; do
        guest true 2>/dev/null && return
        kill -0 "$machine" 2>/dev/null || return 1
        ! grep -q 'KVM internal error' "$vm/qemu.log" || return 1
        sleep 1
    done
    return 1
}

machine_stop() {
    [[ -n ${machine:-} ]] || return 0
    kill "$machine" 2>/dev/null || true
    wait "$machine" 2>/dev/null || true
    machine=
}

how_to_get_in() { echo "the machine runs on (pid $machine); get in with: ${ssh[*]}" >&2; }

# Another boot than the one that BEFORE names; then it is up as far as it comes by itself.
machine_is_back() { # machine_is_back BEFORE
    local until=$((SECONDS + 400))
    while [[ $SECONDS -lt $until ]]; do
        [[ $(guest cat /proc/sys/kernel/random/boot_id 2>/dev/null) =~ ^[0-9a-f-]{36}$ && ${BASH_REMATCH[0]} != "$1" ]] && return
        sleep 1
    done
    die "the machine does not come back: $vm/console.log"
}

boot_id() { guest cat /proc/sys/kernel/random/boot_id; }

# An emulated machine takes its time over everything: it is asked for what it does, not how fast.
give_it_time() {
    [[ $accelerator == KVM ]] && return
    guest 'mkdir -m 700 -p .slipway && cat >.slipway/settings.json' <<<'{ "Slipway": { "Docker": { "CallTimeout": "00:03:00" } } }'
}
