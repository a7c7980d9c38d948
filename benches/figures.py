"""The figures of a benchmark, in the form that `figures.rs` describes and `benches/results/` keeps."""

import json
import math
import os
import platform
import re
import subprocess
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
RESULTS = "benches/results"

NUMBER = "a number or null"
COUNT = "a whole number"
NAMES = {str: "a text", bool: "true or false", NUMBER: NUMBER, COUNT: COUNT}
FORM = {
    "bench": str,
    "command": str,
    "date": str,
    "commit": str,
    "machine": {"processor": str, "cores": COUNT, "memory_gib": COUNT, "system": str},
    "versions": {str: str},
    "series": [{"group": str, "case": str, "size": (None, COUNT), "quantity": str, "values": [NUMBER]}],
    "targets": [{"what": str, "measured": [NUMBER], "limit": NUMBER, "at_least": bool, "met": bool}],
}


class Failure(Exception):
    """An error that a user can do something about."""


def new(bench, command):
    """Starts the figures of a benchmark that runs here and now."""
    changed = "+" if said("git", "status", "--porcelain") else ""
    return {
        "bench": bench,
        "command": command,
        "date": said("date", "-u", "+%Y-%m-%d"),
        "commit": said("git", "rev-parse", "--short=10", "HEAD") + changed,
        "machine": machine(),
        "versions": {"rustc": said("rustc", "--version")},
        "series": [],
        "targets": [],
    }


def machine():
    """Describes this machine. The files are there on Linux only."""

    def value(path, key):
        text = Path(path).read_text(encoding="utf-8") if Path(path).exists() else ""
        found = re.search(rf"(?m)^{key}\s*:\s*(.*)$", text)
        return found[1] if found else "unknown"

    kib = re.match(r"\d+", value("/proc/meminfo", "MemTotal"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return {
        "processor": value("/proc/cpuinfo", "model name"),
        "cores": cores,
        "memory_gib": math.ceil(int(kib[0]) / 2**20) if kib else 0,
        "system": f"{platform.system().lower()} {platform.release()}",
    }


def said(*command):
    """Returns the first line that a program says, or nothing if the program cannot be asked."""
    try:
        output = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False).stdout
    except OSError:
        return ""
    return output.partition("\n")[0]


def add(figures, group, case, quantity, values):
    """Adds a series of measured values."""
    figures["series"].append({"group": group, "case": case, "size": None, "quantity": quantity, "values": values})


def judge(figures, what, values, most):
    """Adds a target: the median of the values is at most `most`."""
    measured = [median(values), min(values), max(values)]
    met = measured[0] <= most
    figures["targets"].append({"what": what, "measured": measured, "limit": most, "at_least": False, "met": met})


def dump(figures):
    """Returns the text of a file."""
    return json.dumps(figures, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def parse(file, text):
    """Reads the text of a file, which errors call `file`. Null in it becomes the float NaN."""
    try:
        figures = json.loads(text, parse_constant=refuse, object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise Failure(f"{file}:{error.lineno}:{error.colno}: {error.msg}; measure again with `--json FILE`") from None
    except ValueError as error:
        raise Failure(f"{file}: {error}; measure again with `--json FILE`") from None
    try:
        check(figures, FORM, "")
        contradictions(figures)
    except ValueError as error:
        raise Failure(f"{file}: {error}; measure again with `--json FILE`") from None
    for holder, name in [(one, "values") for one in figures["series"]] + [(one, "measured") for one in figures["targets"]]:
        holder[name] = [math.nan if value is None else value for value in holder[name]]
    return figures


def refuse(constant):
    """Refuses what JSON does not have."""
    raise ValueError(f"`{constant}` is no JSON")


def unique(pairs):
    """Makes an object, in which no member may stand twice."""
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the member `{name}` stands twice in one object")
    return dict(pairs)


def check(value, form, place):
    """Holds a value against a form."""
    here = place or "the file"
    if isinstance(form, tuple):
        if value is not None:
            check(value, form[1], place)
    elif isinstance(form, list):
        if not isinstance(value, list):
            raise ValueError(f"{here} is not a list")
        for index, item in enumerate(value):
            check(item, form[0], f"{place}[{index}]")
    elif isinstance(form, dict):
        if not isinstance(value, dict):
            raise ValueError(f"{here} is not an object")
        form = {name: form[str] for name in value} if str in form else form
        for name in sorted(form.keys() ^ value.keys()):
            raise ValueError(f"{here} {'lacks' if name in form else 'has the unknown member'} `{name}`")
        for name, item in value.items():
            check(item, form[name], f"{place}.{name}".lstrip("."))
    elif not is_a(value, form):
        raise ValueError(f"{here} is not {NAMES[form]}")


def is_a(value, form):
    """Tells whether a value has one of the simple forms."""
    if form in (NUMBER, COUNT):
        kinds = int if form == COUNT else (int, float, type(None))
        return isinstance(value, kinds) and not isinstance(value, bool) and (form == NUMBER or value >= 0)
    return isinstance(value, form)


def contradictions(figures):
    """Looks for figures that cannot be."""
    if not re.fullmatch("[a-z0-9-]+", figures["bench"]):
        raise ValueError(f"`{figures['bench']}` cannot be the name of a benchmark: a-z, 0-9 and - can")
    seen = set()
    for one in figures["series"]:
        name = f"`{one['quantity']}` of `{one['case']}` in `{one['group']}`"
        if not one["values"]:
            raise ValueError(f"{name} has no value")
        key = (one["group"], one["case"], one["size"], one["quantity"])
        if key in seen:
            raise ValueError(f"{name} stands twice")
        seen.add(key)
    for one in figures["targets"]:
        if len(one["measured"]) != 3 or one["limit"] is None:
            raise ValueError(f"`{one['what']}` needs three measured values and a limit")
        middle = math.nan if one["measured"][0] is None else one["measured"][0]
        if one["met"] != (middle >= one["limit"] if one["at_least"] else middle <= one["limit"]):
            raise ValueError(f"`{one['what']}` says that it is met, or not, and its own figures say otherwise")


def read(path, name):
    """Reads a file of text, which errors call `name`."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read {name}: {error}") from None


def write(path, text):
    """Writes a file whole or not at all."""
    path = Path(path).resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(text.encode())
        os.replace(beside, path)
    except OSError as error:
        raise Failure(f"cannot write {path}: {error}") from None
    finally:
        beside.unlink(missing_ok=True)
