"""Takes out of the unpacked crate in the current folder what its users do not get, its dev-dependencies, and out of its
Cargo.lock what it depends on directly: cargo then looks for these anew, and keeps to the lock file with all others."""

import pathlib
import re
import sys
import tomllib

manifest, lock = pathlib.Path("Cargo.toml"), pathlib.Path("Cargo.lock")
tables = re.split(r"(?m)^(?=\[)", manifest.read_text(encoding="utf-8"))
text = "".join(table for table in tables if not table.startswith("[dev-dependencies"))
manifest.write_text(text, encoding="utf-8")

crate = tomllib.loads(text)
direct = {
    entry.get("package", name)
    for kind in ("dependencies", "build-dependencies")
    for name, entry in crate[kind].items()
}
packages = re.split(r"(?m)^(?=\[\[package\]\]\n)", lock.read_text(encoding="utf-8"))
kept = [
    package
    for package in packages
    if not package.startswith("[[package]]") or tomllib.loads(package)["package"][0]["name"] not in direct
]
if len(packages) - len(kept) < len(direct):
    sys.exit("Cargo.lock does not have all that the crate depends on")
lock.write_text("".join(kept), encoding="utf-8")
