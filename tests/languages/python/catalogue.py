"""Writes the catalogue x-ontap-error-codes of the spec as a Python enum: no generator knows the extension."""

import sys
from pathlib import Path

from ruamel.yaml import YAML

spec, module = map(Path, sys.argv[1:])
catalogue = YAML(typ="safe").load(spec)["components"]["x-ontap-error-codes"]

lines = ["from enum import StrEnum", "", "", "class ErrorCode(StrEnum):"]
for code, entry in catalogue.items():
    lines.append(f'    {entry["name"].replace("-", "_").upper()} = "{code}"')
    lines.append(f"    {entry['summary']!r}")
module.write_text("\n".join(lines) + "\n")
