"""The crates that `build-cost` compares: each has one dependency, and the dependency has several forms."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import figures
from figures import ROOT, Failure

DEV, RELEASE = "dev", "release"
SPEC = "spec/ontap-ipsec.yaml"
PROGRAMS = ROOT / "benches/programs"
# Variables that make another build than a user gets, or put it elsewhere.
FOREIGN = [
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_TARGET_DIR",
    "MAKEFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
]
TOKIO = 'tokio = { version = "1", default-features = false, features = ["net", "rt", "time"] }\n'
TLS = """\
nix = { version = "0.32", default-features = false, features = ["resource"] }
rcgen = { version = "0.14", default-features = false, features = ["aws_lc_rs", "crypto"] }
rustls = { version = "0.23", default-features = false, features = ["aws_lc_rs", "ring", "std", "tls12"] }
"""


class Contender(NamedTuple):
    """A crate that depends on one thing."""

    # The name in reports, and that of the folder.
    name: str
    folder: str
    # The file of the program.
    program: str
    profiles: tuple
    # A crate that takes part in the build, and one that does not: the build would be another one.
    mark: str
    foreign: str


OURS = Contender("ontap-ipsec", "ours", "ours.rs", (DEV, RELEASE), "progenitor-impl", "ring")
CHECKED_IN = Contender(
    "with the generated code checked in", "checked-in", "ours.rs", (DEV,), "httpdate", "progenitor-impl"
)
# The build script does nothing: no use of progenitor can cost less.
GENERATOR = Contender(
    "checked in, and progenitor built for nothing", "generator", "ours.rs", (DEV,), "progenitor-impl", "granit-parser"
)
REQWEST = Contender("reqwest alone", "reqwest", "reqwest.rs", (DEV,), "reqwest", "httpdate")
WITH_RING = Contender("with ring for TLS", "ring", "ours.rs", (DEV, RELEASE), "ring", "aws-lc-sys")
CONTENDERS = [OURS, CHECKED_IN, GENERATOR, REQWEST, WITH_RING]


class Stage:
    """The crates and the forms of the package, below cargo's target directory."""

    def __init__(self):
        """Makes what can be made before anything is built."""
        metadata = run([cargo(), "metadata", "--no-deps", "--locked", "--format-version", "1"], ROOT, dict(os.environ))
        metadata = json.loads(metadata)
        self.home = Path(metadata["target_directory"]) / "build-cost"
        self.lock = figures.read(ROOT / "Cargo.lock", "Cargo.lock")
        [ours] = [package for package in metadata["packages"] if package["name"] == "ontap-ipsec"]
        [reqwest] = [one for one in ours["dependencies"] if one["name"] == "reqwest" and one["kind"] is None]
        self.unpack()
        features = json.dumps([*reqwest["features"], "rustls"])
        reqwest = f'reqwest = {{ version = "*", default-features = false, features = {features} }}\nserde_json = "1"\n'
        self.put(OURS, self.dependency(OURS))
        self.put(REQWEST, reqwest)
        features = 'default-features = false, features = ["rustls-ring"]'
        self.put(WITH_RING, self.dependency(OURS).replace(" }", f", {features} }}"))
        self.put_crate("tls", TLS, "tls.rs")

    def unpack(self):
        """Makes the package as it would be published."""
        packed, packages = self.home / "packed", self.home / "packages"
        for folder in (packed, packages):
            if folder.exists():
                shutil.rmtree(folder)
        package = ["package", "--package", "ontap-ipsec", "--no-verify", "--allow-dirty", "--locked"]
        run([cargo(), *package, "--target-dir", packed], ROOT)
        [archive] = (packed / "package").glob("*.crate")
        shutil.unpack_archive(archive, packages, "gztar")
        (packages / archive.stem).rename(self.package(OURS))
        # Only the program decides which versions there are.
        (self.package(OURS) / "Cargo.lock").unlink(missing_ok=True)

    def check_in(self, out):
        """Makes the forms with the generated code checked in, from the folder that the build script wrote."""
        for contender in (CHECKED_IN, GENERATOR):
            package = self.package(contender)
            shutil.copytree(self.package(OURS), package)
            shutil.copytree(out, package / "generated")
            (package / "build.rs").unlink()
            shutil.rmtree(package / "codegen")
            manifest = figures.read(package / "Cargo.toml", "Cargo.toml")
            kept = "progenitor" if contender == GENERATOR else None
            figures.write(package / "Cargo.toml", without_build_script(manifest, kept))
            change_sources(package, 'env!("OUT_DIR")', 'env!("CARGO_MANIFEST_DIR"), "/generated"')
            self.put(contender, self.dependency(contender))
        figures.write(self.package(GENERATOR) / "build.rs", "fn main() {}\n")

    def folder(self, contender):
        """Returns the folder of a contender's crate."""
        return self.home / "crates" / contender.folder

    def package(self, contender):
        """Returns the folder of the package that a contender depends on."""
        return self.home / "packages" / contender.folder

    def target(self, name):
        """Returns the folder that is built into."""
        return self.home / "built" / name

    def dependency(self, contender):
        """Returns the line of a manifest that names the package of a contender."""
        return f'ontap-ipsec = {{ path = "../../packages/{contender.folder}" }}\n'

    def version(self, name):
        """Returns the version of a crate that takes part, or None."""
        lock = figures.read(self.home / "crates/tls/Cargo.lock", "Cargo.lock") + self.lock
        found = re.search(f'name = "{name}"\nversion = "([^"]+)"', lock)
        return found and found[1]

    def put(self, contender, dependencies):
        """Writes the crate of a contender."""
        self.put_crate(contender.folder, dependencies + TOKIO, contender.program)

    def put_crate(self, name, dependencies, program):
        """Writes a crate with dependencies in the versions of this workspace, and downloads them."""
        folder = self.home / "crates" / name
        manifest = (
            f'[package]\nname = "program-{name}"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n'
            f"[workspace]\n\n[profile.release]\nstrip = true\n\n[dependencies]\n{dependencies}"
        )
        figures.write(folder / "Cargo.toml", manifest)
        figures.write(folder / "Cargo.lock", self.lock)
        figures.write(folder / "src/main.rs", figures.read(PROGRAMS / program, program))
        run([cargo(), "fetch"], folder)


def cargo():
    """Returns the program that is cargo."""
    return os.environ.get("CARGO", "cargo")


def run(command, folder, environment=None):
    """Runs a program that must not fail, and returns its standard output."""
    if environment is None:
        environment = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    shown = " ".join(map(str, command))
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as error:
        raise Failure(f"`{shown}` cannot be run: {error}") from None
    if done.returncode != 0:
        raise Failure(f"`{shown}` failed: {done.stderr.decode(errors='replace').rstrip()}")
    return done.stdout.decode(errors="replace")


def changed(name, text, old, new):
    """Returns a text with a part replaced, which has to be in it."""
    if old not in text:
        raise Failure(f"{name} has no `{old.strip()}` to replace; see benches/stage.py")
    return text.replace(old, new)


def change(path, old, new):
    """Replaces a part of a file, which has to be in it."""
    figures.write(path, changed(path, figures.read(path, path), old, new))


def change_sources(package, old, new):
    """Replaces a part of the sources of a package, which has to be in one of them."""
    found = [path for path in sorted((package / "src").rglob("*.rs")) if old in figures.read(path, path)]
    if not found:
        raise Failure(f"{package / 'src'} has no `{old}` to replace; see benches/stage.py")
    for path in found:
        change(path, old, new)


def without_build_script(manifest, kept):
    """Returns a manifest that cargo wrote without its build script and the dependencies of that.

    If one of the dependencies is kept, so is the script.
    """
    lines, keeps = [], True
    for line in manifest.splitlines(keepends=True):
        if line.startswith("["):
            keeps = not line.startswith("[build-dependencies") or line.rstrip() == f"[build-dependencies.{kept}]"
        if keeps:
            lines.append("build = false\n" if line.startswith("build = ") and kept is None else line)
    return "".join(lines)
