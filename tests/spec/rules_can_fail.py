"""Shows that each rule of spec/ruleset.yaml can fail.

Each break changes one place of a copy of the spec; exactly the rule that it is for has to speak, and to name the place.
Usage: rules_can_fail.py SPECTRAL, from the root of the project.
"""

import copy
import json
import os
import subprocess
import sys
import tempfile

import yaml

RULESET = "spec/ruleset.yaml"
SPEC = "spec/ontap-ipsec.yaml"
LIST, ONE = "/security/ipsec/policies", "/security/ipsec/policies/{uuid}"
CONFIG = "/security/ipsec"
JSON = "application/json"


def unset(*path):
    """Takes a member away."""

    def change(spec):
        *above, last = path
        for key in above:
            spec = spec[key]
        del spec[last]

    return change, path[:-1]


def put(value, *path):
    """Sets a member, or adds it."""

    def change(spec):
        *above, last = path
        for key in above:
            spec = spec[key]
        assert isinstance(spec, list) or spec.get(last) != value, "nothing would change"
        spec[last] = value

    return change, path


SCHEMAS = ("components", "schemas")
CODES = ("components", "x-ontap-error-codes")
POST = ("paths", LIST, "post")
CREATE = (*SCHEMAS, "ipsec_policy_create", "properties")
PARAMETER = ("paths", LIST, "get", "parameters", 0)
BODY = (*POST, "requestBody")
# An operation that would be in order if it only read.
REPLACE = {
    "summary": "Replace an IPsec policy",
    "description": "Puts another policy in its place.",
    "x-ntap-introduced": "9.8",
    "responses": {"default": {"$ref": "#/components/responses/error"}},
}
BREAKS = {
    "oas3-valid-media-example": [
        put(7, *BODY, "content", JSON, "examples", "psk", "value", "name"),
        put(10.5, "paths", LIST, "get", "responses", "200", "content", JSON, "examples", "none", "value", "num_records"),
        put("many", "components", "parameters", "fields", "example"),
    ],
    "oas3-valid-schema-example": [put(7, *SCHEMAS, "link", "properties", "href", "example")],
    "oas3-examples-value-or-externalValue": [
        put(
            {"summary": "Both", "value": {"name": "a"}, "externalValue": "https://storage.example.com/a.json"},
            *(*BODY, "content", JSON, "examples", "psk"),
        ),
    ],
    "examples-of-bodies": [
        unset(*BODY, "content", JSON, "examples"),
        unset("components", "responses", "error", "content", "application/hal+json", "examples"),
    ],
    "examples-of-parameters": [
        unset(*PARAMETER, "example"),
        unset("components", "parameters", "uuid", "example"),
        unset("components", "headers", "Location", "example"),
    ],
    "described-operations": [unset(*POST, "description"), put("Makes a policy", *POST, "description")],
    "summed-up-operations": [
        unset(*POST, "summary"),
        put("Create an IPsec policy.", *POST, "summary"),
        put("Create " + "an IPsec policy " * 4 + "with all it needs", *POST, "summary"),
    ],
    "described-parameters": [
        unset(*PARAMETER, "description"),
        put("", *PARAMETER, "description"),
        put("UUID", "components", "parameters", "uuid", "description"),
    ],
    "described-requests": [unset(*BODY, "description")],
    "described-responses": [
        put("", *POST, "responses", "201", "description"),
        put("The request failed", "components", "responses", "error", "description"),
    ],
    "described-headers": [unset("components", "headers", "Location", "description")],
    "described-schemas": [unset(*SCHEMAS, "link", "description"), put("A link", *SCHEMAS, "link", "description")],
    "described-properties": [
        unset(*SCHEMAS, "link", "properties", "href", "description"),
        unset(*CREATE, "svm", "description"),
    ],
    "described-security": [unset("components", "securitySchemes", "basic", "description")],
    "summed-up-examples": [unset(*BODY, "content", JSON, "examples", "psk", "summary")],
    "introduced-operations": [
        unset("paths", ONE, "delete", "x-ntap-introduced"),
        unset("paths", CONFIG, "get", "x-ntap-introduced"),
    ],
    "introduced-fields": [
        unset(*CREATE, "svm", "x-ntap-introduced"),
        unset(*SCHEMAS, "ipsec_endpoint", "properties", "port", "x-ntap-introduced"),
        unset(*SCHEMAS, "ipsec", "properties", "replay_window", "x-ntap-introduced"),
        unset(*SCHEMAS, "ipsec_ca_certificate_create", "properties", "certificate", "x-ntap-introduced"),
        unset(*SCHEMAS, "ipsec_inbound", "properties", "bytes", "x-ntap-introduced"),
        unset(*SCHEMAS, "ike_association", "properties", "state", "x-ntap-introduced"),
    ],
    "introduced-later": [
        put("9.8", *PARAMETER, "x-ntap-introduced"),
        put("9.7", *PARAMETER, "x-ntap-introduced"),
        put("9.8.0", *PARAMETER, "x-ntap-introduced"),
    ],
    "extensions-fit": [
        put(True, *POST, "x-ontap-unheard-of"),
        put("9.8", "info", "x-ntap-introduced"),
        unset("info", "x-ontap-spec-version"),
        put("1.0", "info", "x-ontap-spec-version"),
        put(9.8, *POST, "x-ntap-introduced"),
        put("show", *POST, "x-ontap-commands"),
        put(False, *CREATE, "svm", "x-ntap-readCreate"),
        put("PolicyNameLength", *CODES, "66257148", "name"),
        put("17", *CODES, "66257153", "x-ntap-introduced"),
    ],
    "failures": [
        unset("paths", ONE, "get", "responses", "default"),
        unset("paths", CONFIG, "patch", "responses", "default"),
    ],
    "error-codes-of-writes": [put(REPLACE, "paths", ONE, "put"), put(REPLACE, "paths", CONFIG, "put")],
    "error-codes-in-catalogue": [
        put(66257098, *POST, "x-ontap-error-codes", 0),
        put(66257098, *CREATE, "name", "x-ontap-length-error-code"),
    ],
    "error-codes-listed": [put({"name": "a-name", "summary": "Words.", "remedy": "Words."}, *CODES, "66257098")],
    "error-code-names": [put("update-failed", *CODES, "66257396", "name")],
    "error-code-words": [
        put("", *CODES, "66257396", "summary"),
        put("Words", *CODES, "66257396", "summary"),
        put("", *CODES, "66257396", "remedy"),
        put("Words", *CODES, "66257396", "remedy"),
    ],
}


def main():
    spectral = sys.argv[1]
    with open(RULESET, encoding="utf-8") as file:
        rules = set(yaml.safe_load(file)["rules"])
    with open(SPEC, encoding="utf-8") as file:
        spec = yaml.safe_load(file)
    faults = [f"{rule} is broken nowhere" for rule in rules - BREAKS.keys()]
    faults += [f"{rule} is no rule" for rule in BREAKS.keys() - rules]

    with tempfile.TemporaryDirectory() as directory:
        copies = {}
        for rule, changes in BREAKS.items():
            for number, (change, path) in enumerate(changes):
                broken = copy.deepcopy(spec)
                change(broken)
                name = os.path.join(os.path.realpath(directory), f"{rule}-{number}.json")
                with open(name, "w", encoding="utf-8") as file:
                    json.dump(broken, file, indent=1)
                copies[name] = (rule, [str(key) for key in path])
        command = [spectral, "lint", "--quiet", "--fail-severity", "hint", "--format", "json", "--ruleset", RULESET]
        ran = subprocess.run([*command, *copies], capture_output=True, text=True, check=False)
        if ran.returncode != 1:
            sys.exit(f"Spectral exits with {ran.returncode}: {ran.stdout}{ran.stderr}")
        said = {name: [] for name in copies}
        for result in json.loads(ran.stdout):
            said[result["source"]].append(result)

    for name, (rule, path) in copies.items():
        which = f"{rule}, broken at {'.'.join(path)}"
        if {result["code"] for result in said[name]} != {rule}:
            faults.append(f"{which}: {[(result['code'], result['path']) for result in said[name]]}")
        elif not any([str(key) for key in result["path"]][: len(path)] == path for result in said[name]):
            faults.append(f"{which}, is found at {['.'.join(map(str, result['path'])) for result in said[name]]}")
    if faults:
        sys.exit("\n".join(faults))
    print(f"-- each of the {len(rules)} rules of {RULESET} can fail, as {len(copies)} broken copies show")


main()
