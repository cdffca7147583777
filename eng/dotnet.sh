# Sourced by the launchers: finds the .NET SDK 10, or says how to get it and exits 3.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

find_dotnet() {
    local folder dotnet
    for folder in "${DOTNET_ROOT:-}" "$HOME/.dotnet"; do
        if ! command -v dotnet >/dev/null 2>&1 && [[ -x "$folder/dotnet" ]]; then PATH="$folder:$PATH"; fi
    done
    dotnet=$(command -v dotnet || true)
    # The programs we build look for their runtime here when it is not in a usual place.
    if [[ -n "$dotnet" && -z "${DOTNET_ROOT:-}" ]]; then
        DOTNET_ROOT=$(dirname "$(readlink -f "$dotnet")")
        export DOTNET_ROOT
    fi
}

require_sdk() {
    find_dotnet
    if command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then return; fi
    cat >&2 <<'TEXT'
error: Slipway is built on first use, and that needs the .NET SDK 10, which is not on this machine. Nothing was changed.

  Ubuntu 24.04 and newer:
      sudo apt-get update && sudo apt-get install -y dotnet-sdk-10.0
  Debian 12 and 13 (Microsoft's packages):
      . /etc/os-release
      curl -fsSLo /tmp/microsoft.deb "https://packages.microsoft.com/config/debian/$VERSION_ID/packages-microsoft-prod.deb"
      sudo dpkg -i /tmp/microsoft.deb && sudo apt-get update && sudo apt-get install -y dotnet-sdk-10.0
  anywhere, for your own user alone:
      curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0      (installs into ~/.dotnet, which is found here)

  Then run this again.
TEXT
    exit 3
}
