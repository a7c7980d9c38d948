"""Compares what NetApp's Python library can create, change and read in each release with the marks of the spec."""

import ast
import json
import sys
from pathlib import Path

import yaml

# The lists of the library's schemas, and the method that each is about.
METHODS = {"gettable_fields": "get", "patchable_fields": "patch", "postable_fields": "post"}
# The library's files, and the path of the resource in each.
PATHS = {
    "ipsec.py": "/security/ipsec",
    "ipsec_ca_certificate.py": "/security/ipsec/ca-certificates",
    "ipsec_policy.py": "/security/ipsec/policies",
    "security_association.py": "/security/ipsec/security-associations",
}
# The library also lists these as fields to give, in every release. They are read-only in the vendor's API document.
READ_ONLY = {"scope"}


def numbers(release):
    """Returns the numbers of a release, since 9.10 comes after 9.9."""
    return tuple(int(number) for number in release.split("."))


def read_library(folder):
    """Returns the fields by path and method, as the library in a folder lists them."""
    found = {}
    for file, path in PATHS.items():
        if not (folder / file).exists():
            continue
        for node in ast.walk(ast.parse((folder / file).read_text())):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)]) if name in METHODS:
                    fields = {field for field in ast.literal_eval(node.value) if field.split(".")[-1] != "links"}
                    found[path, METHODS[name]] = fields
    return found


def resolve(spec, part):
    """Returns a part of the spec with the reference in it followed; what stands beside the reference is kept."""
    while True:
        if "$ref" in part:
            target = spec
            for key in part["$ref"].removeprefix("#/").split("/"):
                target = target[key]
            part = target
        elif word := next((word for word in ("allOf", "anyOf") if word in part), None):
            beside = {key: value for key, value in part.items() if key != word}
            part = {**resolve(spec, part[word][0]), **beside}
        else:
            return part


def read_spec(spec, release):
    """Returns the fields by path and method as of a release, and the name of the schema that has each of them."""

    def is_there(part, since):
        return numbers(part.get("x-ntap-introduced", since)) <= numbers(release)

    def fields(schema, since, prefix=""):
        for name, part in resolve(spec, schema).get("properties", {}).items():
            if name != "_links" and is_there(part, since):
                whole = resolve(spec, part)
                if "properties" in whole:
                    yield from fields(whole, since, f"{prefix}{name}.")
                else:
                    yield prefix + name

    found = {}
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            since = operation["x-ntap-introduced"]
            if method == "delete" or not is_there(operation, since):
                continue
            body = operation["responses"]["200"] if method == "get" else operation["requestBody"]
            schema = body["content"]["application/json"]["schema"]
            # A list has the same records as the path of one of them.
            if "records" not in resolve(spec, schema)["properties"]:
                name = schema["$ref"].rsplit("/", 1)[1]
                found[path.split("/{")[0], method] = name, set(fields(schema, since))
    return found


def compare(library, spec, release):
    """Yields each difference: the side that has more, and the field after the name of its schema."""
    for key, (schema, ours) in sorted(read_spec(spec, release).items()):
        theirs = library.get(key, set())
        # The library names some objects as a whole.
        objects = {field for field in theirs if any(other.startswith(f"{field}.") for other in ours)}
        ours = {next((whole for whole in objects if field.startswith(f"{whole}.")), field) for field in ours}
        for field in sorted(theirs ^ ours):
            in_library = field in theirs
            if not (in_library and key[1] != "get" and field in READ_ONLY):
                yield ("library" if in_library else "spec"), f"{schema}.{field}"


def is_explained(difference, release, deviations):
    """Tells whether a deviation is about the field, or about the object that holds it, and about the release."""
    side, field = difference
    rule = "field-missing" if side == "library" else "field-undocumented"
    return any(
        entry["rule"] == rule
        and (field == entry["subject"] or field.startswith(entry["subject"] + "."))
        and release in entry.get("releases", [release])
        for entry in deviations
    )


def main(home):
    """Compares all that the folder has, and returns the exit code."""
    spec = json.loads(Path("spec/ontap-ipsec.json").read_text())
    deviations = yaml.safe_load(Path("spec/deviations.yaml").read_text())
    failed, explained, folders = 0, 0, [folder for folder in Path(home).iterdir() if folder.is_dir()]
    for folder in sorted(folders, key=lambda folder: numbers(folder.name)):
        release = ".".join(folder.name.split(".")[:3]).removesuffix(".0")
        library = read_library(folder)
        if not library:
            print(f"error: {folder} has no file of the library", file=sys.stderr)
            return 2
        for difference in compare(library, spec, release):
            if is_explained(difference, release, deviations):
                explained += 1
                continue
            side, field = difference
            print(f"{release}: only the {side} has `{field}`; say why in spec/deviations.yaml, or correct the spec")
            failed += 1
    print(f"-- the spec is as NetApp's library in {len(folders)} releases, but for {explained} fields that deviations explain")
    return 1 if failed or not folders else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
