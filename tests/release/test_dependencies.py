"""Tests of `dependencies.py`."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import dependencies  # noqa: E402

REASONED = "# X\n## Dependencies\n| crate | why |\n|---|---|\n| `http` | words |\n| `url` | |\n\n## Y\n| `no` | x |\n"


class Dependencies(unittest.TestCase):
    """Tests of `dependencies.py`."""

    def test_each_needs_a_reason_and_there_may_be_so_many(self):
        for count, direct, words in [
            (110, {"http"}, []),
            (111, {"http"}, ["111 crates by default are more than 110: do without one"]),
            (3, {"http", "url"}, ["`url` has no reason in ARCHITECTURE.md, below `## Dependencies`: add a row"]),
            (3, set(), ["`http` in ARCHITECTURE.md is no dependency: take the row out"]),
            (3, {"http", "no"}, ["`no` has no reason in ARCHITECTURE.md, below `## Dependencies`: add a row"]),
        ]:
            self.assertEqual(dependencies.unreasoned(count, direct, REASONED), words)

    def test_a_tree_is_read_without_marks_and_places(self):
        tree = "ontap-ipsec v0.1.0 (/a place)\nserde v1.0.2\nserde_derive v1.0.3 (proc-macro)\nserde v1.0.2 (*)\n\n"
        expected = {("ontap-ipsec", "0.1.0"), ("serde", "1.0.2"), ("serde_derive", "1.0.3")}
        self.assertEqual(dependencies.crates(tree), expected)

    def test_all_that_comes_with_the_crate_builds_with_the_rust_that_it_promises(self):
        everything = {("deep", "1.2.3"), ("ontap-ipsec", "0.1.0"), ("silent", "1.0.0")}

        def releases(promised, needed):
            of = [("deep", "1.2.3", needed), ("deep", "2.0.0", "1.99")]
            of += [("ontap-ipsec", "0.1.0", promised), ("silent", "1.0.0", None)]
            return [{"name": name, "version": version, "rust_version": rust} for name, version, rust in of]

        for fine in ["1.9", "1.88", "1.88.0"]:
            self.assertEqual(dependencies.newer(everything, releases("1.88", fine)), [])
        for needed in ["1.88.1", "1.100", "2.0"]:
            words = [f"`deep` 1.2.3 needs Rust {needed}, but Cargo.toml promises 1.88"]
            self.assertEqual(dependencies.newer(everything, releases("1.88", needed)), words)
        words = ["`ontap-ipsec` has no `rust-version` in Cargo.toml: add it"]
        self.assertEqual(dependencies.newer(everything, releases(None, "1.9")), words)
        expected = [("deep", "1.2.3", "1.9"), ("ontap-ipsec", "0.1.0", "1.88"), ("silent", "1.0.0", None)]
        self.assertEqual(dependencies.rust(everything, releases("1.88", "1.9")), expected)


if __name__ == "__main__":
    unittest.main()
