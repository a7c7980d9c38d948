# Sourced by the tests that look at pages, from the root: what they need of the machine, and the library that speaks to
# the browser.

has() { command -v "$1" >/dev/null; }
missing=()
has chromium || missing+=(chromium)
has node || missing+=(nodejs)
has npm || missing+=(npm)
if [ ${#missing[@]} -gt 0 ]; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -q && $as_root apt-get install -qy --no-install-recommends "${missing[@]}"
fi
# It brings no browser of its own.
npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
