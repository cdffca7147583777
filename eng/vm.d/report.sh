# Sourced by eng/vm: counts, and the page that says what was seen.

passed=0 failed=0
rows=() figures=()

chapter() { say "$1"; rows+=("" "**$1**" ""); }

check() { # check SENTENCE COMMAND…: the command's last line of output is shown beside the sentence
    local sentence=$1 said mark
    shift
    if said=$("$@" 2>&1); then passed=$((passed + 1)) mark=passed; else failed=$((failed + 1)) mark=FAILED; fi
    said=$(tail -n 1 <<<"$said" | cut -c 1-300)
    echo "$mark: $sentence${said:+ — $said}" >&2
    rows+=("- $mark: $sentence${said:+ (\`${said//\`/\'}\`)}")
}

figure() { figures+=("| $1 | $2 |"); echo "   $1: $2" >&2; }

# True before SECONDS have gone; the command is repeated until then.
within() { # within SECONDS COMMAND…
    local until=$((SECONDS + $1)) said
    shift
    while :; do
        said=$("$@" 2>&1) && { echo "$said"; return; }
        [[ $SECONDS -lt $until ]] || { echo "$said"; return 1; }
        sleep 0.3
    done
}

same() { # same EXPECTED ACTUAL
    echo "$2"
    [[ $1 == "$2" ]] || { echo "expected $1, is $2"; return 1; }
}

write_result() {
    {
        echo "# Slipway on a machine of its own, by \`eng/vm\`"
        echo
        echo "$(date -u +%F), $passed passed, $failed failed. Written by the script; to be run again before a release."
        echo
        echo "$machine_line"
        echo
        echo "Figures, of an emulated machine where it says TCG: their order of magnitude, no more."
        echo
        echo "| what | how long or how much |"
        echo "|---|---|"
        printf '%s\n' "${figures[@]}"
        printf '%s\n' "${rows[@]}"
    } >"$1"
}

take_note_of_machine() {
    machine_line=$(guest '. /etc/os-release; echo "$PRETTY_NAME $(cat /etc/debian_version), kernel $(uname -r), $(systemctl --version | head -1), Docker Engine $(docker version -f "{{.Server.Version}}"), $(nft --version | cut -d" " -f1,2)"')
    machine_line+="; qemu with $accelerator, 2 processors, $memory MiB"
}
