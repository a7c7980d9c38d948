"""What the spec does not say in a way that schemathesis understands, as checks of every answer.

The spec has one `default` response for all errors, with which schemathesis lets any status pass.
"""

import json
import os
import zlib
from collections import Counter
from http import HTTPStatus
from typing import Any

import schemathesis
from hypothesis import strategies
from schemathesis import Case, CheckContext, HookContext, Response

# What ONTAP says no with to a client that has signed in, as its documentation lists them. What else it lists, from 500
# on, tells of a cluster in trouble, which the simulator is only if somebody ordered it.
REFUSALS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_MANY_REQUESTS,
}

# ONTAP changes and deletes many policies at once by their common path. The documentation says so of all such paths, but
# not the page on IPsec, and so neither does the spec.
COLLECTION_WIDE = {("/security/ipsec/policies", "PATCH"), ("/security/ipsec/policies", "DELETE")}
# These are answered everywhere.
EVERYWHERE = {"HEAD", "OPTIONS"}

# The codes of IPsec have these digits in front; others are those of ONTAP's API as a whole.
IPSEC = ("66256", "66257")

# The page has these rules, for a port out of range and a missing certificate, for POST alone, and does not say what a
# PATCH gets that breaks them. The simulator assumes: the same.
ASSUMED = {"ipsec_policy_modify": {"66257132", "66257134"}}


# With links and without.
MEDIA_TYPES = ["application/hal+json", "application/json", "*/*"]

# Values that belong together, or that ONTAP must know, which no schema says. Without them, hardly a policy is made, and no
# CA certificate is trusted.
SVM = [{"name": os.environ["SIMULATOR_SVM"]}, {"uuid": os.environ["SIMULATOR_SVM_UUID"]}]
AUTHORITIES = [os.environ["SIMULATOR_AUTHORITY"], os.environ["SIMULATOR_CLUSTER_AUTHORITY"]]
POLICY: dict[str, list[Any]] = {
    "svm": SVM,
    "ipspace": [{"name": "Default"}],
    "action": ["esp_transport", "bypass", "discard"],
    "authentication_method": ["psk"],
    "secret_key": ["no-secret-at-all-0001"],
    "protocol": ["tcp", "17", "any"],
    "local_endpoint": [
        {"address": "192.0.2.1", "netmask": "32", "port": "2049"},
        {"address": "2001:db8::1", "netmask": "128"},
    ],
    "remote_endpoint": [
        {"address": "198.51.100.0", "netmask": "255.255.255.0", "port": "0"},
        {"address": "2001:db8::", "netmask": "64"},
    ],
    "local_identity": ["storage.example.com"],
    "remote_identity": ["host.example.com"],
}
AUTHORITY: dict[str, list[Any]] = {
    "certificate": [{"uuid": uuid} for uuid in AUTHORITIES],
    "svm": SVM,
}
CONFIGURATION: dict[str, list[Any]] = {"enabled": [True], "replay_window": [0, 64]}
PLAUSIBLE = {
    "ipsec_ca_certificate_create": AUTHORITY,
    "ipsec_modify": CONFIGURATION,
    "ipsec_policy_create": POLICY,
    "ipsec_policy_modify": POLICY,
}
# Operators of filters, whole and broken, which no chance would find.
FILTERS = [
    *("*", "policy-*", "!policy-*", "policy-0001|policy-0002", "a..z", "<=m", ">m", "null", "!null|<m", '"*"', "{a|b}"),
    *("!", "|", "||", "..", "..z", "a..", "<", ">=", '"', '"a', "{", "{a", "}", "{{a}}", "!!a", "a|!b", "a,b", " "),
]

# Hardly ever the same one twice.
NAMES = strategies.uuids().map("fuzz-{}".format)


def of_a_documented_method(case: Case) -> bool:
    """False for what schemathesis tries on purpose with a method that the path does not have."""
    return case.method.lower() == case.operation.method.lower()


@schemathesis.hook
def flatmap_body(context: HookContext, body: Any) -> strategies.SearchStrategy[Any]:
    """Leaves a body as it is, or gives some of its members, or all that make one of its kind, plausible values."""
    if not isinstance(body, dict) or context.operation is None:
        return strategies.just(body)
    operation = context.operation.definition.raw["operationId"]
    plausible = PLAUSIBLE[operation]
    choices = {name: strategies.sampled_from([body[name], *plausible.get(name, [])]) for name in body}
    bodies = [strategies.just(body), strategies.fixed_dictionaries(choices)]
    if not operation.endswith("_policy_modify"):
        whole = {name: strategies.sampled_from(values) for name, values in plausible.items()}
        names = {"name": NAMES} if plausible is POLICY else {}
        bodies.append(strategies.fixed_dictionaries(whole | names))
    return strategies.one_of(bodies)


@schemathesis.hook
def flatmap_path_parameters(_context: HookContext, parameters: Any) -> strategies.SearchStrategy[Any]:
    """Leaves the parameters as they are, or takes a CA certificate that the cluster has."""
    if not isinstance(parameters, dict) or "certificate_uuid" not in parameters:
        return strategies.just(parameters)
    known = strategies.sampled_from(AUTHORITIES).map(lambda uuid: parameters | {"certificate_uuid": uuid})
    return strategies.one_of(strategies.just(parameters), known)


@schemathesis.hook
def flatmap_query(_context: HookContext, query: Any) -> strategies.SearchStrategy[Any]:
    """Leaves the parameters as they are, or makes some of their texts filters with operators."""
    if not isinstance(query, dict):
        return strategies.just(query)
    filters = strategies.sampled_from(FILTERS)
    kept = {name: strategies.just(value) for name, value in query.items()}
    choices = {name: kept[name] | filters if isinstance(query[name], str) else kept[name] for name in query}
    return strategies.one_of(strategies.just(query), strategies.fixed_dictionaries(choices))


@schemathesis.hook
def before_call(_context: HookContext, case: Case, _kwargs: dict[str, Any]) -> None:
    """Asks now for links, now for none. What the request holds decides it, so that every run asks the same."""
    request = repr((case.method, case.formatted_path, case.query, case.body)).encode()
    case.headers.setdefault("Accept", MEDIA_TYPES[zlib.crc32(request) % len(MEDIA_TYPES)])


@schemathesis.check
class every_operation_succeeds:  # noqa: N801 (schemathesis names the check after it)
    """Successes at each operation: fuzzing that is always refused at the door proves little."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()

    def after_response(self, _context: CheckContext, response: Response, case: Case) -> None:
        """Counts."""
        if of_a_documented_method(case):
            self.answers[case.operation.label, response.status_code] += 1

    def after_run(self, _context: CheckContext) -> None:
        """Prints how often each operation gave each status, and wants a success of each."""
        for (label, status), times in sorted(self.answers.items()):
            print(f"proven: {label} answered with {status}, a documented status, {times} times", flush=True)
        operations = {label for label, _ in self.answers}
        never = operations - {label for label, status in self.answers if status < HTTPStatus.BAD_REQUEST}
        if never or not operations:
            raise AssertionError(f"no request succeeded: {sorted(never) or 'nothing was sent'}")


@schemathesis.check
def documented_status(_context: CheckContext, response: Response, case: Case) -> None:
    """A status that the operation names, or one of those that ONTAP refuses with."""
    if not of_a_documented_method(case):
        return
    named = {int(status) for status in case.operation.responses.status_codes if status.isdigit()}
    allowed = named | REFUSALS
    if response.status_code not in allowed:
        raise AssertionError(f"status {response.status_code} is not documented; these are: {sorted(map(int, allowed))}")


@schemathesis.check
def undeclared_method(_context: CheckContext, response: Response, case: Case) -> None:
    """405, with the methods that there are instead, for a method that the path does not have."""
    if of_a_documented_method(case) or case.method in EVERYWHERE:
        return
    if (case.path, case.method) in COLLECTION_WIDE:
        if response.status_code not in {HTTPStatus.OK, HTTPStatus.ACCEPTED} | REFUSALS:
            raise AssertionError(f"status {response.status_code} is not documented for {case.method}")
        return
    allowed = ", ".join(response.headers.get("allow", []))
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or case.operation.method.upper() not in allowed:
        raise AssertionError(f"{case.method} got status {response.status_code} and Allow: {allowed or 'nothing'}")


@schemathesis.check
def documented_code(_context: CheckContext, response: Response, case: Case) -> None:
    """A code of IPsec only if it is documented for the operation."""
    if response.status_code < HTTPStatus.BAD_REQUEST or not of_a_documented_method(case):
        return
    code = json.loads(response.content)["error"]["code"]
    definition = case.operation.definition.raw
    documented = {str(one) for one in definition.get("x-ontap-error-codes", [])}
    if code.startswith(IPSEC) and code not in documented | ASSUMED.get(definition["operationId"], set()):
        raise AssertionError(f"code {code} is not documented for {case.operation.label}")


@schemathesis.check
def no_key(_context: CheckContext, response: Response, _case: Case) -> None:
    """Success that holds no key."""
    for key in ("secret_key", "shared_key"):
        if response.status_code < HTTPStatus.BAD_REQUEST and f'"{key}"'.encode() in response.content:
            raise AssertionError(f"the answer has a {key}")
