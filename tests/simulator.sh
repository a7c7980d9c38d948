# Sourced, after install.sh, by the tests that run clients of others against a simulator: one at a time, which ends with the
# script at the latest.

work=$(mktemp -d)
simulator=

stop_simulator() {
    [ -z "$simulator" ] || { kill "$simulator" && wait "$simulator"; } || true
    simulator=
}
trap 'stop_simulator; rm -rf "$work"' EXIT

# SIMULATOR_BIN can name a simulator that is built already.
build_simulator() {
    binary=${SIMULATOR_BIN:-$target/debug/ontap-ipsec-simulator}
    [ -n "${SIMULATOR_BIN:-}" ] || cargo build --quiet --locked -p ontap-ipsec-simulator
}

# Starts one with these arguments, and puts into the environment where it is and how to sign in.
start_simulator() {
    export SIMULATOR_USER=admin SIMULATOR_PASSWORD=only-here-$RANDOM$RANDOM SIMULATOR_CA=$work/ca.pem SIMULATOR_URL
    : >"$work/stdout"
    ONTAP_SIMULATOR_PASSWORD=$SIMULATOR_PASSWORD "$binary" --user "$SIMULATOR_USER" --ca-out "$SIMULATOR_CA" "$@" \
        >"$work/stdout" 2>"$work/stderr" &
    simulator=$!
    until SIMULATOR_URL=$(sed -n '1s/^listening on //p' "$work/stdout") && [ -n "$SIMULATOR_URL" ]; do
        kill -0 "$simulator" 2>/dev/null || die "the simulator does not start: $(cat "$work/stderr")"
        sleep 0.05
    done
}

# Fails if the simulator did not outlive what `$1` names, which came out with the status `$2`.
outlived() {
    [ "$2" = 0 ] || die "$1 failed; the simulator's last words: $(tail -n 5 "$work/stderr")"
    kill -0 "$simulator" 2>/dev/null || die "the simulator died: $(cat "$work/stderr")"
    stop_simulator
}
