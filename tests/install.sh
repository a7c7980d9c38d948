# Sourced, from the root, by the tests that run what others wrote in other languages: puts it below target/tools/.
#
# It is installed anew when what it is locked to, or its interpreter, changes. The file `complete` tells a whole
# installation from one that was being made when somebody interrupted it.

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
python=${PYTHON:-python3}

die() { printf '%s: %s\n' "$0" "$*" >&2; exit 1; }

has() { command -v "$1" >/dev/null; }

# Installs Debian packages where there are such, for what a test needs of the machine.
debian() {
    has apt-get || return 0
    local as_root
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    { $as_root apt-get update -q && $as_root apt-get install -qy --no-install-recommends "$@"; } >&2
}

# Makes $home the directory below target/tools/ of a test, such as `languages/python`; fails if there is nothing in it yet.
# What it was locked to before is gone then.
installed() {
    local name=${1//\//-} hash
    hash=$(sha256sum | cut -c1-12)
    home=$target/tools/$name-$hash
    [ ! -e "$home/complete" ] || return 0
    echo "-- installing the tools of tests/$1"
    rm -rf "$target/tools/$name"-*
    mkdir -p "$home"
    return 1
}

# Makes $venv the virtual environment that tests/$1/requirements.txt lists.
python_tools() {
    local requirements=tests/$1/requirements.txt home wrong
    # Debian keeps apart what makes virtual environments.
    "$python" -c 'import ensurepip, venv' 2>/dev/null || debian python3 python3-venv
    "$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' ||
        die "Python 3.11 or later with venv is needed; \$PYTHON can name it"
    if ! installed "$1" < <(cat "$requirements"; "$python" -VV); then
        "$python" -m venv "$home"
        # Nothing but what the file lists is installed; the check says if that is not enough.
        "$home/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile --no-deps -r "$requirements"
        wrong=$("$home/bin/python" -m pip check --disable-pip-version-check) || die "$requirements: $wrong"
        touch "$home/complete"
    fi
    venv=$home
}

# Makes $modules the node_modules that tests/$1/package-lock.json lists, with package.json beside it. Scripts of packages
# do not run.
node_tools() {
    local from=tests/$1 home
    { has node && has npm; } || debian nodejs npm
    { has node && has npm; } || die "Node.js with npm is needed"
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' ||
        die "Node.js 20.19 or 22.12 or later is needed; here is $(node --version)"
    if ! installed "$1-node" < <(cat "$from/package-lock.json" "$from/.npmrc"; node --version); then
        cp "$from/package.json" "$from/package-lock.json" "$from/.npmrc" "$home"
        npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
        touch "$home/complete"
    fi
    modules=$home/node_modules
}
