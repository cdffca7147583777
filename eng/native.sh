# Sourced by eng/publish-static and eng/publish-edge: one project as native code, in a folder. $checkout is set, dotnet found.

native_rid() {
    case $(uname -m) in
        x86_64) echo linux-x64 ;;
        aarch64) echo linux-arm64 ;;
        *) echo "no build for $(uname -m)" >&2; return 1 ;;
    esac
}

# Native AOT links with a C compiler.
have_linker() { command -v gcc > /dev/null || command -v clang > /dev/null; }
want_linker() { # want_linker PACKAGE…: root installs it
    if ! have_linker && [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "installing a C compiler"
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } > /dev/null || true
    fi
}

is_newer() { # is_newer FILE SOURCE…: is it there, and newer than all of them?
    [ -x "$1" ] && [ -z "$(find "${@:2}" \( -name bin -o -name obj \) -prune -o -type f -newer "$1" -print -quit)" ]
}

one_at_a_time() { # of one checkout: two would share its folders
    mkdir -p "$checkout/artifacts"
    exec 8> "$checkout/artifacts/publish-native.lock"
    flock 8
}

publish_native() { # publish_native PROJECT WORK [OPTION…]: into WORK/published
    # Its own artifacts and lock files: a checkout that is being built or tested meanwhile is left alone.
    dotnet publish "$checkout/src/$1" -c Release -r "$(native_rid)" -o "$2/published" --artifacts-path "$2/artifacts" --nologo -v quiet -p:LockFolder="$2" "${@:3}"
}
