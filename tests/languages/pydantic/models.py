"""Answers of the simulator, and the examples of the spec, in the pydantic models that are made from the spec."""

import base64
import json
import os
import ssl
import sys
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import yaml
from ontap_ipsec_models import (
    CaCertificateReference,
    ErrorResponse,
    IkeState,
    Ipsec,
    IpsecAction,
    IpsecAuthenticationMethod,
    IpsecCaCertificate,
    IpsecCaCertificateCreate,
    IpsecCaCertificateResponse,
    IpsecEndpoint,
    IpsecModify,
    IpsecPolicy,
    IpsecPolicyCreate,
    IpsecPolicyModify,
    IpsecPolicyResponse,
    NetworkScope,
    ReplayWindow,
    SecurityAssociation,
    SecurityAssociationResponse,
    SecurityAssociationType,
    SvmReference,
)
from pydantic import BaseModel, SecretStr, ValidationError

M = TypeVar("M", bound=BaseModel)

URL = os.environ["SIMULATOR_URL"]
CONFIGURATION = "/api/security/ipsec"
AUTHORITIES = f"{CONFIGURATION}/ca-certificates"
POLICIES = f"{CONFIGURATION}/policies"
ASSOCIATIONS = f"{CONFIGURATION}/security-associations"
AUTHORITY = os.environ["SIMULATOR_AUTHORITY"]
PLANTED = int(os.environ["SIMULATOR_POLICIES"])
KEY = "example-key-of-no-value"

opener = build_opener(
    ProxyHandler({}), HTTPSHandler(context=ssl.create_default_context(cafile=os.environ["SIMULATOR_CA"]))
)


def proven(sentence: str) -> None:
    print(f"proven: {sentence}", flush=True)


def equal(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{what}: {found!r} instead of {expected!r}")


def ask(method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
    """Status and body of an answer; the models are for the bodies, and leave the requests to us."""
    account = f"{os.environ['SIMULATOR_USER']}:{os.environ['SIMULATOR_PASSWORD']}".encode()
    headers = {
        "Authorization": f"Basic {base64.b64encode(account).decode()}",
        "Accept": "application/hal+json",
        "Content-Type": "application/json",
    }
    data = None if body is None else json.dumps(body).encode()
    request = Request(urljoin(URL, path), data, headers, method=method)
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or "{}")
    except HTTPError as error:
        return error.code, json.loads(error.read())


def through(model: type[M], body: Any) -> M:
    """The body in a model; writing it down again has to give the same."""
    value = model.model_validate(body)
    equal("round trip", value.model_dump(mode="json", by_alias=True, exclude_unset=True), body)
    return value


def invalid(model: type[BaseModel], body: Any) -> None:
    try:
        model.model_validate(body)
    except ValidationError:
        return
    raise AssertionError(f"{model.__name__} takes {body!r}")


def examples(spec: Path) -> None:
    """Every example of a body goes through the model of its schema."""
    models: dict[str, type[BaseModel]] = {
        "error_response": ErrorResponse,
        "ipsec": Ipsec,
        "ipsec_ca_certificate": IpsecCaCertificate,
        "ipsec_ca_certificate_create": IpsecCaCertificateCreate,
        "ipsec_ca_certificate_response": IpsecCaCertificateResponse,
        "ipsec_modify": IpsecModify,
        "ipsec_policy": IpsecPolicy,
        "ipsec_policy_create": IpsecPolicyCreate,
        "ipsec_policy_modify": IpsecPolicyModify,
        "ipsec_policy_response": IpsecPolicyResponse,
        "security_association": SecurityAssociation,
        "security_association_response": SecurityAssociationResponse,
    }
    met = 0

    def visit(node: Any) -> None:
        nonlocal met
        if isinstance(node, dict):
            if "examples" in node and "schema" in node:
                model = models[node["schema"]["$ref"].rpartition("/")[2]]
                for example in node["examples"].values():
                    read = model.model_validate(example["value"])
                    if isinstance(read, IpsecPolicyCreate):
                        equal("round trip", sent(read), example["value"])
                    else:
                        through(model, example["value"])
                    met += 1
            for below in node.values():
                visit(below)
        elif isinstance(node, list):
            for below in node:
                visit(below)

    visit(yaml.safe_load(spec.read_text()))
    if met < 30:
        raise AssertionError(f"only {met} examples were found")
    proven(f"all {met} examples of bodies in the spec are valid, and come out as they went in")


def sent(policy: IpsecPolicyCreate) -> dict[str, Any]:
    """The body of a create. pydantic writes asterisks for a secret, and takes nothing less than a call to give it away."""
    body = policy.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if policy.secret_key is not None:
        equal("masked", body["secret_key"], "**********")
        body["secret_key"] = policy.secret_key.get_secret_value()
    return body


def answers() -> None:
    new = IpsecPolicyCreate(
        name="nfs-to-hosts",
        svm=SvmReference(name="svm1"),
        action=IpsecAction.esp_transport,
        authentication_method=IpsecAuthenticationMethod.psk,
        secret_key=SecretStr(KEY),
        protocol="tcp",
        local_endpoint=IpsecEndpoint(address="192.0.2.10", netmask="32", port="2049"),
    )
    equal("key in words", KEY in f"{new} {new!r} {new.model_dump_json()}", False)
    status, body = ask("POST", f"{POLICIES}?return_records=true", sent(new))
    equal("status", status, 201)
    [made] = through(IpsecPolicyResponse, body).records or []
    equal("name", made.name, "nfs-to-hosts")
    proven("a create is written with its key, which shows nowhere else, and its answer is read")

    path, found = f"{POLICIES}?fields=*&max_records=7", list[IpsecPolicy]()
    while path:
        status, body = ask("GET", path)
        equal("status", status, 200)
        page = through(IpsecPolicyResponse, body)
        found += page.records or []
        path = (page.field_links and page.field_links.next and page.field_links.next.href) or ""
    equal("policies", len({policy.uuid for policy in found}), PLANTED + 1)
    equal("links", {bool(policy.svm and policy.svm.field_links) for policy in found}, {True})
    proven(f"pages with all fields and links are read, {len(found)} policies, and come out as they went in")

    status, body = ask("GET", f"{POLICIES}/{made.uuid}")
    policy = through(IpsecPolicy, body)
    equal("policy", (policy.uuid, policy.action), (made.uuid, IpsecAction.esp_transport))
    equal("scope", policy.scope, NetworkScope.svm)
    newer = body | {"action": "esp_tunnel", "scope": None, "weight": 3, "name": None, "enabled": None, "uuid": None}
    equal("action", through(IpsecPolicy, newer).action, "esp_tunnel")
    proven("values and fields of a newer ONTAP, and nulls, are read and kept")

    status, body = ask("POST", POLICIES, sent(new))
    error = through(ErrorResponse, body).error
    equal("error", (status, error and error.code), (409, "66257104"))
    proven("an error is read, with its code")

    change = IpsecPolicyModify(enabled=False)
    status, _ = ask("PATCH", f"{POLICIES}/{made.uuid}", change.model_dump(mode="json", exclude_unset=True))
    equal("status", status, 200)
    equal("enabled", through(IpsecPolicy, ask("GET", f"{POLICIES}/{made.uuid}")[1]).enabled, False)
    equal("status", ask("DELETE", f"{POLICIES}/{made.uuid}")[0], 200)
    proven("a change of one field sends just that field")


def changed(change: IpsecModify) -> Ipsec:
    """The configuration after a change."""
    status, _ = ask("PATCH", CONFIGURATION, change.model_dump(mode="json", exclude_unset=True))
    equal("status", status, 200)
    status, body = ask("GET", CONFIGURATION)
    equal("status", status, 200)
    return through(Ipsec, body)


def configuration() -> None:
    equal("off", changed(IpsecModify(enabled=False)).enabled, False)
    equal("window", changed(IpsecModify(replay_window=ReplayWindow.integer_512)).replay_window, 512)
    on = changed(IpsecModify(enabled=True))
    equal("on", (on.enabled, on.replay_window), (True, 512))
    proven("IPsec is switched off and on, and the replay window changed")


def authorities() -> None:
    new = IpsecCaCertificateCreate(certificate=CaCertificateReference(uuid=AUTHORITY), svm=SvmReference(name="svm1"))
    status, body = ask("POST", f"{AUTHORITIES}?return_records=true", new.model_dump(mode="json", exclude_unset=True))
    equal("status", status, 201)
    [made] = through(IpsecCaCertificateResponse, body).records or []
    found = through(IpsecCaCertificate, ask("GET", f"{AUTHORITIES}/{AUTHORITY}")[1])
    for one in (made, found):
        equal("UUID", one.certificate and one.certificate.uuid, AUTHORITY)
    equal("scope", found.scope, NetworkScope.svm)
    equal("status", ask("DELETE", f"{AUTHORITIES}/{AUTHORITY}")[0], 200)
    equal("left", through(IpsecCaCertificateResponse, ask("GET", AUTHORITIES)[1]).records, [])
    proven("a CA certificate is trusted, read, and trusted no more")


def associations() -> None:
    new = IpsecPolicyCreate(
        name="host-to-host",
        svm=SvmReference(name="svm1"),
        secret_key=SecretStr(KEY),
        local_endpoint=IpsecEndpoint(address="192.0.2.10", netmask="32"),
        remote_endpoint=IpsecEndpoint(address="198.51.100.7", netmask="32"),
    )
    status, body = ask("POST", f"{POLICIES}?return_records=true", sent(new))
    equal("status", status, 201)
    [policy] = through(IpsecPolicyResponse, body).records or []
    status, body = ask("GET", f"{ASSOCIATIONS}?policy_name=host-to-host&fields=*")
    equal("status", status, 200)
    [ike, ipsec] = through(SecurityAssociationResponse, body).records or []
    equal("types", (ike.type, ipsec.type), (SecurityAssociationType.ike, SecurityAssociationType.ipsec))
    equal("IKE", ike.ike and ike.ike.state, IkeState.established)
    equal("IPsec", ipsec.ipsec and ipsec.ipsec.action, IpsecAction.esp_transport)
    status, body = ask("GET", f"{ASSOCIATIONS}/{ike.uuid}")
    equal("status", status, 200)
    newer = body | {"cipher_suite": "suite_of_later", "type": None, "ike": body["ike"] | {"state": "resting"}}
    later = through(SecurityAssociation, newer)
    equal("newer", (later.cipher_suite, later.ike and later.ike.state), ("suite_of_later", "resting"))
    equal("status", ask("DELETE", f"{POLICIES}/{policy.uuid}")[0], 200)
    proven("the associations of a policy between two hosts are read, also with values of a newer ONTAP")


def limits() -> None:
    invalid(IpsecPolicyCreate, {"name": ""})
    invalid(IpsecPolicyCreate, {"name": "n" * 65})
    invalid(IpsecPolicyCreate, {"name": "short", "secret_key": "k" * 17})
    invalid(IpsecPolicyCreate, {"name": "null", "enabled": None})
    invalid(IpsecModify, {"replay_window": 100})
    invalid(IpsecPolicy, {"uuid": "not one"})
    invalid(IpsecPolicy, {"action": 3})
    proven("what is too short, too long, null, no UUID or no string is refused before it is sent")


examples(Path(sys.argv[1]))
answers()
configuration()
authorities()
associations()
limits()
