# Sourced by the tests that look at pages, from the root: what they need of the machine, and the library that speaks to
# the browser.

. tests/install.sh

has chromium || debian chromium
{ has node && has npm; } || debian nodejs npm
# Where the scripts look for it. It brings no browser of its own.
npm ci --prefix tests/browser --ignore-scripts --no-audit --no-fund
