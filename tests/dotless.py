"""Writes a copy of the spec, in JSON, for tools that take no dot in the name of a path's parameter.

Such a name is not sent, so it can be another: `certificate.uuid` becomes `certificate_uuid`.
"""

import json
import sys
from pathlib import Path

spec, copy = map(Path, sys.argv[1:])
document = json.loads(spec.with_suffix(".json").read_text(encoding="utf-8"))
for parameter in document["components"]["parameters"].values():
    if parameter["in"] == "path" and "." in (name := parameter["name"]):
        parameter["name"] = name.replace(".", "_")
        paths = document["paths"].items()
        document["paths"] = {path.replace(f"{{{name}}}", f"{{{parameter['name']}}}"): item for path, item in paths}
copy.write_text(json.dumps(document), encoding="utf-8")
