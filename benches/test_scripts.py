"""Tests of `report` and `build-cost`, with figures that are all invented."""

import contextlib
import io
import math
import sys
import tempfile
import types
import unittest
from importlib.machinery import SourceFileLoader
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import figures  # noqa: E402
import stage  # noqa: E402


def script(name):
    """Loads a script of this folder as a module."""
    module = types.ModuleType(name)
    SourceFileLoader(name, str(HERE / name)).exec_module(module)
    return module


report, build_cost = script("report"), script("build-cost")

HOSTILE = "</td><script>alert(1)</script> | `x` **b** [l](https://outside.example) \n# h"
REPORT = """\
<!-- Made by `benches/report` from the files in benches/results/. Change those, not this. -->
# Benchmarks

## Targets

1 met, 0 unclear, 2 not met, of 3.

Each figure is the median, with the least and the most in parentheses. Of each rate, more is better; of all others, less.

Unclear: the limit is between the least and the most.

| benchmark | target | measured | limit | |
|---|---|---|---|---|
| brew | pots: time, against by hand | 1.25 (1.1–1.5) | at most 1.05 | **not met** |
| brew | pots: how many times the rate of a kettle | 150 | at least 100 | met |
| brew | pots: what could not be measured | no number | at most 1 | **not met** |

## brew

- All figures: `benches/results/brew.json`
- Command: cargo bench --bench brew
- Machine: Abacus 3, 2 cores, 4 GiB, beads 1.0
- Versions: rustc 1.95.0, tea 2
- Measured on 2031-02-03 at commit 0123456789

## rest

- All figures: `benches/results/rest.json`
- Command: cargo bench --bench rest
- Machine: Abacus 3, 2 cores, 4 GiB, beads 1.0
- Versions: rustc 1.95.0, tea 2
- Measured on 2031-02-03 at commit 0123456789, with changes that were not committed
"""


def empty(bench):
    """Returns figures of no machine that there is."""
    return {
        "bench": bench,
        "command": f"cargo bench --bench {bench}",
        "date": "2031-02-03",
        "commit": "0123456789",
        "machine": {"processor": "Abacus 3", "cores": 2, "memory_gib": 4, "system": "beads 1.0"},
        "versions": {"tea": "2", "rustc": "rustc 1.95.0"},
        "series": [],
        "targets": [],
    }


def target(what, measured, limit, at_least, met):
    """Returns a target."""
    return {"what": what, "measured": measured, "limit": limit, "at_least": at_least, "met": met}


def brew():
    """Returns figures with everything that there can be."""
    brew = empty("brew")
    figures.add(brew, "pots", "ours", "seconds", [1.0, 1.5, 1.25])
    figures.add(brew, "pots", "by hand", "seconds", [1.0, 1.0, 1.0])
    figures.add(brew, "pots", "by hand", "leaves", [12345.0])
    figures.add(brew, "pots", "ours", "time, by hand = 1", [1.25])
    for size, values in [(1, [0.5]), (1000, [None, 1.0])]:
        figures.add(brew, "growth", "ours", "seconds", values)
        brew["series"][-1]["size"] = size
    figures.judge(brew, "pots: time, against by hand", [1.1, 1.5, 1.25], 1.05)
    brew["targets"].append(target("pots: how many times the rate of a kettle", [150.0] * 3, 100.0, True, True))
    brew["targets"].append(target("pots: what could not be measured", [None] * 3, 1.0, False, False))
    return brew


def rest():
    """Returns figures with the least that there can be."""
    rest = empty("rest")
    rest["commit"] += "+"
    figures.add(rest, "naps", "ours", "minutes", [20])
    return rest


def parsed(one):
    """Returns figures as they are read."""
    return figures.parse("x.json", figures.dump(one))


class Report(unittest.TestCase):
    """Tests of `report`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def says(self, arguments, code, words):
        """Runs the command, and looks for words in all that it says."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            found = report.main(arguments, self.root)
        self.assertIn(words, out.getvalue())
        self.assertEqual(found, code, out.getvalue())

    def put(self, name, one):
        """Writes figures, and returns the path of their file."""
        path = self.root / name
        path.write_text(figures.dump(one), encoding="utf-8")
        return str(path)

    def test_the_report(self):
        self.assertEqual(report.render([parsed(brew()), parsed(rest())]), REPORT)

    def test_the_report_of_nothing_but_a_name(self):
        self.assertTrue(report.render([parsed(empty("brew"))]).endswith("\n- Measured on 2031-02-03 at commit 0123456789\n"))

    def test_no_name_breaks_the_table(self):
        one = empty("brew")
        figures.add(one, HOSTILE, HOSTILE, HOSTILE, [1.0])
        figures.judge(one, HOSTILE, [2.0], 1.0)
        one.update(command=HOSTILE, date=HOSTILE, commit=HOSTILE)
        one["machine"].update(processor=HOSTILE, system=HOSTILE)
        one["versions"][HOSTILE] = HOSTILE
        text = report.render([parsed(one)])
        self.assertNotIn("\n# h", text)
        for line in text.splitlines():
            self.assertTrue(line.startswith("<!-- ") or "<script" not in line.replace("\\<", ""), line)
            self.assertNotIn("[l]", line.replace("\\[", ""))
            # Each row has as many cells as its head.
            if line.startswith("|"):
                self.assertEqual(line.replace("\\|", "").count("|"), 6, line)

    def test_figures_that_are_none(self):
        cases = [
            (lambda it: it.update(bench="../x"), "`../x` cannot be the name of a benchmark: a-z, 0-9 and - can"),
            (lambda it: it["targets"][0].update(met=True), "`pots: time, against by hand` says that it is met, or not"),
            (
                lambda it: figures.add(it, "pots", "ours", "seconds", [1.0]),
                "`seconds` of `ours` in `pots` stands twice",
            ),
            (
                lambda it: figures.add(it, "pots", "theirs", "seconds", []),
                "`seconds` of `theirs` in `pots` has no value",
            ),
            (lambda it: it.update(bench=3), "bench is not a text"),
            (lambda it: it.pop("command"), "the file lacks `command`"),
            (lambda it: it.update(commend=""), "the file has the unknown member `commend`"),
            (lambda it: it["machine"].update(cores=True), "machine.cores is not a whole number"),
            (lambda it: it["machine"].update(cores=-1), "machine.cores is not a whole number"),
            (lambda it: it["series"][2].update(values=["1"]), "series[2].values[0] is not a number or null"),
            (lambda it: it["series"][0].update(size="1"), "series[0].size is not a whole number"),
            (lambda it: it["versions"].update(tea=2), "versions.tea is not a text"),
            (lambda it: it.update(targets={}), "targets is not a list"),
            (lambda it: it["targets"][0]["measured"].pop(), "`pots: time, against by hand` needs three measured values"),
            (lambda it: it["targets"][0].update(limit=None), "`pots: time, against by hand` needs three measured values"),
        ]
        for change, words in cases:
            one = brew()
            change(one)
            with self.assertRaises(figures.Failure) as raised:
                parsed(one)
            self.assertTrue(str(raised.exception).startswith(f"x.json: {words}"), raised.exception)
            self.assertTrue(str(raised.exception).endswith("; measure again with `--json FILE`"), raised.exception)

    def test_text_that_is_no_figures(self):
        for text, words in [
            ('{\n  "bench": }', "x.json:2:12: Expecting value"),
            ("[]", "x.json: the file is not an object"),
            ('{"a": NaN}', "x.json: `NaN` is no JSON"),
            ('{"a": 1, "a": 1}', "x.json: the member `a` stands twice in one object"),
        ]:
            with self.assertRaises(figures.Failure) as raised:
                figures.parse("x.json", text)
            self.assertTrue(str(raised.exception).startswith(words), raised.exception)

    def test_null_stands_for_what_is_not_a_number(self):
        self.assertTrue(math.isnan(parsed(brew())["targets"][2]["measured"][0]))

    def test_figures_are_taken_in_and_shown(self):
        file = self.put("brew.json", brew())
        results = self.root / "benches/results"
        self.says([], 2, "benches/results holds no figures; run a benchmark with `--json FILE`")
        self.says([file], 0, "wrote benches/results/brew.json\nwrote BENCHMARKS.md\nnot met: pots: time, against by hand\n")
        self.assertEqual((results / "brew.json").read_bytes(), Path(file).read_bytes())
        there = self.root / "BENCHMARKS.md"
        self.assertEqual(there.read_text(encoding="utf-8"), report.render([parsed(brew())]))
        self.says(["--check"], 0, "BENCHMARKS.md is what the figures in benches/results give")
        there.write_text(there.read_text(encoding="utf-8").replace("1.25", "1.01"), encoding="utf-8")
        self.says(["--check"], 1, "BENCHMARKS.md:14: is not what the figures in benches/results give\n")
        self.says(["--check"], 1, "to fix it, run: benches/report")
        self.says([], 0, "not met: pots: time, against by hand")
        self.says(["--check"], 0, "")
        there.unlink()
        self.says(["--check"], 1, "BENCHMARKS.md:1: is not")

    def test_benchmarks_have_their_order(self):
        for bench in ["tea", "commands", "compare"]:
            self.says([self.put("new.json", empty(bench))], 0, f"wrote benches/results/{bench}.json")
        text = (self.root / "BENCHMARKS.md").read_text(encoding="utf-8")
        self.assertEqual([line for line in text.splitlines() if line.startswith("## ")], ["## compare", "## commands", "## tea"])

    def test_a_file_of_another_benchmark_is_not_shown(self):
        self.says([self.put("brew.json", brew())], 0, "")
        results = self.root / "benches/results"
        (results / "brew.json").rename(results / "tea.json")
        words = "benches/results/tea.json: the figures of `brew` belong into benches/results/brew.json"
        self.says([], 2, words)

    def test_nothing_is_written_if_one_of_the_files_is_none(self):
        (self.root / "none.json").write_text("{}", encoding="utf-8")
        none = str(self.root / "none.json")
        self.says([self.put("brew.json", brew()), none], 2, f"error: {none}: the file lacks `bench`")
        self.says([str(self.root / "gone.json")], 2, "error: cannot read ")
        self.assertEqual(sorted(path.name for path in self.root.iterdir()), ["brew.json", "none.json"])

    def test_a_check_takes_no_file(self):
        with self.assertRaises(SystemExit) as raised, contextlib.redirect_stderr(io.StringIO()):
            report.main(["--check", "x.json"], self.root)
        self.assertEqual(raised.exception.code, 2)

    def test_three_digits_count(self):
        values = [1_234_567.0, 999.6, 123.4, 12.34, 1.0, 0.1234, 0.01234, 0.0, -2500.0, 0.0000123]
        shown = ["1,234,567", "1000", "123", "12.3", "1", "0.123", "0.0123", "0", "-2,500", "1.23e-5"]
        self.assertEqual([report.number(value) for value in values], shown)

    def test_a_limit_within_the_spread_is_unclear(self):
        for measured, limit, expected in [
            ([1.0, 0.9, 1.1], 1.05, "unclear"),
            ([1.0, 0.9, 1.04], 1.05, "met"),
            ([1.2, 1.1, 1.3], 1.05, "not met"),
        ]:
            self.assertEqual(report.verdict(target("x", measured, limit, False, measured[0] <= limit)), expected)

    def test_sentences_come_of_the_figures(self):
        one = empty("compare")
        figures.add(one, "list", "ontap-ipsec", "time, by hand = 1", [1.0, 1.1, 1.02])
        words = "A list takes 1.02 times as long as a loop by hand with reqwest and serde.\n"
        text = report.render([parsed(one)])
        self.assertIn(words, text)
        self.assertNotIn("million", text)


class Writing(unittest.TestCase):
    """Tests of how files are written."""

    def test_a_failure_leaves_what_was_there(self):
        with tempfile.TemporaryDirectory() as folder:
            there = Path(folder) / "there"
            there.mkdir()
            with self.assertRaises(figures.Failure):
                figures.write(there, "new")
            self.assertEqual([path.name for path in Path(folder).iterdir()], ["there"])


class BuildCost(unittest.TestCase):
    """Tests of `build-cost`."""

    REPORT = """<script>
DURATION = 3;
const UNIT_DATA = [
  {"i": 0, "name": "short", "version": "1.0.0", "mode": "todo", "target": "", "duration": 0.5},
  {"i": 1, "name": "long", "version": "2.0.0", "mode": "run", "target": " build script (run)", "duration": 2.25}
];
const CONCURRENCY_DATA = [];
</script>"""

    def test_the_longest_comes_first(self):
        self.assertEqual(build_cost.units(self.REPORT), [("long 2.0.0 build script (run)", 2.25), ("short 1.0.0", 0.5)])

    def test_another_form_is_none(self):
        for text in ["<html></html>", 'const UNIT_DATA = [{"name": 3}];', "const UNIT_DATA = 3;"]:
            self.assertIsNone(build_cost.units(text))

    def test_a_manifest_loses_its_build_script_and_nothing_else(self):
        manifest = (
            '[package]\nname = "x"\nbuild = "build.rs"\n\n[dependencies.a]\nversion = "1"\n\n'
            '[build-dependencies.b]\nversion = "2"\nfeatures = [\n    "c",\n]\n\n[lints.rust]\nd = "warn"\n'
        )
        expected = (
            '[package]\nname = "x"\nbuild = false\n\n[dependencies.a]\nversion = "1"\n\n[lints.rust]\nd = "warn"\n'
        )
        self.assertEqual(stage.without_build_script(manifest, None), expected)
        self.assertEqual(stage.without_build_script(manifest, "b"), manifest)
        expected = expected.replace("build = false", 'build = "build.rs"')
        self.assertEqual(stage.without_build_script(manifest, "d"), expected)

    def test_a_build_of_something_else_is_refused(self):
        def recognize(contender, *names):
            crates = {f"registry+https://registry.example#{name}@1.0.0" for name in names}
            build_cost.recognize(contender, build_cost.Build(1.0, 1.0, crates, Path(), None))

        recognize(stage.WITH_RING, "ring")
        words = "`with ring for TLS` was to be built with ring and without aws-lc-sys, and is not; see benches/stage.py"
        with self.assertRaisesRegex(figures.Failure, words):
            recognize(stage.WITH_RING, "ring", "aws-lc-sys")
        with self.assertRaises(figures.Failure):
            recognize(stage.CHECKED_IN, "httpdate", "progenitor-impl")

    def test_a_text_without_the_part_to_replace_is_refused(self):
        self.assertEqual(stage.changed("x", "a b", "b", "c"), "a c")
        with self.assertRaisesRegex(figures.Failure, "^x has no `d` to replace; see benches/stage.py$"):
            stage.changed("x", "a b", "d", "c")

    def test_a_program_that_fails_is_told_with_its_words(self):
        with self.assertRaisesRegex(figures.Failure, "failed: no such luck$"):
            stage.run([sys.executable, "-c", "raise SystemExit('no such luck')"], HERE)
        with self.assertRaisesRegex(figures.Failure, "^`no-such-program` cannot be run: "):
            stage.run(["no-such-program"], HERE)

    def test_a_build_that_fails_is_told_with_the_words_of_the_compiler(self):
        with tempfile.TemporaryDirectory() as folder:
            figures.write(Path(folder) / "Cargo.toml", '[package]\nname = "x"\nedition = "2024"\n\n[workspace]\n')
            figures.write(Path(folder) / "src/main.rs", 'fn main() { compile_error!("no such luck") }\n')
            with self.assertRaisesRegex(figures.Failure, "error: no such luck"):
                build_cost.build(Path(folder), Path(folder) / "target", stage.DEV)

    def test_figures_are_what_the_report_reads(self):
        one = empty("build-cost")
        made = [build_cost.Build(cpu, 1.0, {"a"}, HERE / "report", None) for cpu in (3.0, 2.0)]
        profiles = {(stage.DEV, stage.OURS): made[:1], (stage.DEV, stage.CHECKED_IN): made[1:]}
        build_cost.of_builds(one, {**profiles, (stage.RELEASE, stage.OURS): made})
        build_cost.of_rebuilds(one, {build_cost.TOUCHED: made})
        self.assertEqual([target["met"] for target in parsed(one)["targets"]], [False, True])
        first = "NOT met: cold build, dev: CPU seconds, against the generated code checked in: 1.50 (1.50 to 1.50), at most 1.25"
        self.assertEqual(build_cost.verdicts(one).splitlines()[0], first)
        self.assertIn(f"  {'ontap-ipsec':<50} {'CPU seconds':<22} 3.00 (3.00 to 3.00)\n", build_cost.table(one))

    def test_the_program_that_measures_tls_is_taken_at_its_word(self):
        one, home = empty("build-cost"), types.SimpleNamespace(home=HERE, target=lambda name: HERE / name)
        made = build_cost.Build(1.0, 1.0, set(), HERE / "tls", None)
        with mock.patch.object(build_cost, "build", return_value=made):
            with mock.patch.object(build_cost, "run", return_value="ring\tMiB/s read\t2\nring\tMiB/s read\t1.5\n") as run:
                build_cost.of_tls(one, home, 5)
            run.assert_called_once_with([HERE / "tls", "5", "500", "256"], HERE)
            with mock.patch.object(build_cost, "run", return_value="ring\tfast\n"):
                with self.assertRaisesRegex(figures.Failure, "said `ring\tfast`; see benches/programs/tls.rs$"):
                    build_cost.of_tls(one, home, 5)
        self.assertEqual([series["values"] for series in parsed(one)["series"]], [[2.0, 1.5]])

    def test_quick_goes_with_no_other_option(self):
        for arguments in [["--quick", "--runs", "3"], ["--quick", "--json", "x"], ["--runs", "0"], ["--others", "x"]]:
            with self.assertRaises(SystemExit) as raised, contextlib.redirect_stderr(io.StringIO()):
                build_cost.parse(arguments)
            self.assertEqual(raised.exception.code, 2)
        told = build_cost.parse(["--runs", "3", "--others", "9"])
        self.assertEqual((told.runs, told.others), (3, 3))


if __name__ == "__main__":
    unittest.main()
