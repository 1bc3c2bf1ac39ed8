#!/bin/sh
# Make the environment in .venv and install Footnote into it, with the versions of the lock files.
#
#   sh scripts/install.sh          what Footnote runs on
#   sh scripts/install.sh dev      and what tests and checks need
#
# Called by make. PYTHON names another interpreter; PIP_INDEX_URL, PIP_EXTRA_INDEX_URL and all other PIP_* variables
# are pip's own. The stamps .venv/.installed and .venv/.installed-dev are written last: an environment without them
# was cut short, may hold half a package, and is made again (what pip downloaded is kept in its cache).
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say "footnote: $1"; shift; for line in "$@"; do say "  $line"; done; exit 1; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3.11 python3 python3.12 python3.13 python; fi
    for candidate in "$@"; do
        if is_new_enough "$candidate"; then printf '%s\n' "$candidate"; return; fi
    done
    found=$("${PYTHON:-python3}" --version 2>/dev/null) || found="no ${PYTHON:-python3}"
    fail "Python 3.11 or newer is needed; found $found." \
        "Debian, Ubuntu: sudo apt install python3.11 python3.11-venv    macOS: brew install python@3.11" \
        "Or name one that is elsewhere:  PYTHON=/path/to/python3.11 make ask"
}

make_environment() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null || fail \
        "$python has no venv module, which makes the environment." \
        "Debian, Ubuntu: sudo apt install python3-venv    then run the same make command again"
    say "[1/4] Making the environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

explain_pip_failure() {
    if grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError' .venv/install.log; then
        fail "pip could not reach the package index." \
            "Check the network; behind a proxy set HTTPS_PROXY; for an index of your own set PIP_INDEX_URL." \
            "Then run the same make command again: what was downloaded is kept."
    elif grep -q 'No space left on device' .venv/install.log; then
        fail "the disk is full: Footnote needs about 2.5 GB here and for pip's cache."
    fi
    fail "pip could not install Footnote; its message is above, the whole log in .venv/install.log."
}

install_packages() {
    say "[2/4] Installing Footnote and its libraries (0.5 GB to download, 1.8 GB on disk; 1 to 5 minutes)"
    rm -f .venv/.installed .venv/.installed-dev
    .venv/bin/python -m pip --disable-pip-version-check --log .venv/install.log install \
        -c requirements.lock -c requirements-dev.lock -e "$1" >&2 || explain_pip_failure
}

if [ ! -f .venv/.installed ] || ! is_new_enough .venv/bin/python; then make_environment; fi
if [ "${1:-}" = dev ]; then
    install_packages '.[dev]'
    touch .venv/.installed .venv/.installed-dev
else
    install_packages .
    touch .venv/.installed
fi
