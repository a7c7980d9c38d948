"""Counts what the crate depends on, looks for the reasons in ARCHITECTURE.md, and holds the oldest Rust of all of it
against the one that Cargo.toml promises. Exits with 1 if something is amiss, and with 2 if cargo or a file cannot tell."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CRATE = "ontap-ipsec"
REASONS = "ARCHITECTURE.md"
HEADING = "## Dependencies"
# How many crates the default features may bring, the crate itself counted.
MOST = 110


def main():
    """Runs the command, and returns its exit code."""
    try:
        tree = ["tree", "--package", CRATE, "--prefix", "none", "--edges"]
        by_default = crates(cargo(*tree, "normal"))
        everything = crates(cargo(*tree, "normal,build", "--all-features", "--target", "all"))
        releases = json.loads(cargo("metadata", "--all-features", "--format-version", "1"))["packages"]
        reasons = (ROOT / REASONS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", None) or "").rstrip()
        print(f"error: {error}", said, sep="\n", file=sys.stderr)
        return 2
    [own] = [release for release in releases if release["name"] == CRATE]
    direct = {dependency["name"] for dependency in own["dependencies"] if dependency["kind"] != "dev"}
    lines = [f"{len(by_default)} crates by default, of {MOST} that there may be; {len(direct)} direct ones"]
    silent = [f"`{name}` {version}" for name, version, needed in rust(everything, releases) if needed is None]
    lines.append(
        f"{len(everything)} crates with all features on all systems; {len(silent)} say nothing of the oldest Rust: "
        f"{', '.join(silent)}"
    )
    faults = [*unreasoned(len(by_default), direct, reasons), *newer(everything, releases)]
    print(*lines, *faults, sep="\n")
    return 1 if faults else 0


def cargo(*arguments):
    """Returns what cargo writes to its standard output."""
    command = ["cargo", *arguments, "--locked"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout


def crates(tree):
    """Returns the names and versions in what `cargo tree` prints."""
    return set(re.findall(r"(?m)^(\S+) v(\S+)", tree))


def unreasoned(count, direct, reasons):
    """Returns a line for too many crates, and for each difference between dependencies and the tables of reasons."""
    below = reasons.partition(HEADING)[2].partition("\n## ")[0]
    rows = re.findall(r"(?m)^\| `([^`]*)`(.*)$", below)
    given = {name for name, reason in rows if any(map(str.isalpha, reason))}
    too_many = [f"{count} crates by default are more than {MOST}: do without one"] if count > MOST else []
    lacking = [f"`{name}` has no reason in {REASONS}, below `{HEADING}`: add a row" for name in sorted(direct - given)]
    stale = [f"`{name}` in {REASONS} is no dependency: take the row out" for name in sorted(given - direct)]
    return too_many + lacking + stale


def rust(everything, releases):
    """Returns name, version and oldest Rust of each of the crates."""
    needed = {(release["name"], release["version"]): release["rust_version"] for release in releases}
    return [(*crate, needed.get(crate)) for crate in sorted(everything)]


def newer(everything, releases):
    """Returns a line for each of the crates that needs a newer Rust than Cargo.toml promises."""
    promised = next(release["rust_version"] for release in releases if release["name"] == CRATE)
    if promised is None:
        return [f"`{CRATE}` has no `rust-version` in Cargo.toml: add it"]
    return [
        f"`{name}` {version} needs Rust {needed}, but Cargo.toml promises {promised}"
        for name, version, needed in rust(everything, releases)
        if needed is not None and number(needed) > number(promised)
    ]


def number(version):
    """Returns a version of Rust to compare: `1.88` is `1.88.0`."""
    return ([int(part) for part in version.split(".")] + [0, 0])[:3]


if __name__ == "__main__":
    sys.exit(main())
