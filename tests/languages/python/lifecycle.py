"""A life of an IPsec policy, and what it needs, by the client that openapi-python-client makes from the spec."""

import os
import ssl
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urljoin
from uuid import UUID

import httpx
from error_codes import ErrorCode
from ontap_ipsec_client import Client
from ontap_ipsec_client.api.security import (
    ipsec_ca_certificate_collection_get,
    ipsec_ca_certificate_create,
    ipsec_ca_certificate_delete,
    ipsec_ca_certificate_get,
    ipsec_get,
    ipsec_modify,
    ipsec_policy_collection_get,
    ipsec_policy_create,
    ipsec_policy_delete,
    ipsec_policy_get,
    ipsec_policy_modify,
    security_association_collection_get,
    security_association_get,
)
from ontap_ipsec_client.models import (
    CaCertificateReference,
    ErrorResponse,
    IkeAuthentication,
    IkeState,
    Ipsec,
    IpsecAction,
    IpsecAuthenticationMethod,
    IpsecCaCertificate,
    IpsecCaCertificateCreate,
    IpsecCaCertificateResponse,
    IpsecEndpoint,
    IpsecModify,
    IpsecModifyReplayWindow,
    IpsecPolicy,
    IpsecPolicyCreate,
    IpsecPolicyModify,
    IpsecPolicyResponse,
    NetworkScope,
    SecurityAssociation,
    SecurityAssociationResponse,
    SecurityAssociationType,
    SvmReference,
)
from ontap_ipsec_client.types import UNSET, Response, Unset

T = TypeVar("T")

URL = os.environ["SIMULATOR_URL"]
PLANTED = int(os.environ["SIMULATOR_POLICIES"])
AUTHORITY = UUID(os.environ["SIMULATOR_AUTHORITY"])
NAMES = [f"policy-{number:04}" for number in range(1, PLANTED + 1)]


def proven(sentence: str) -> None:
    print(f"proven: {sentence}", flush=True)


def equal(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise AssertionError(f"{what}: {found!r} instead of {expected!r}")


def given(value: T | Unset | None) -> T:
    """A member that has to be there and not null."""
    if value is None or isinstance(value, Unset):
        raise AssertionError("a member is missing")
    return value


def client(password: str) -> Client:
    """The generated AuthenticatedClient is for tokens; a password goes by httpx."""
    return Client(
        base_url=f"{URL}/api",
        verify_ssl=ssl.create_default_context(cafile=os.environ["SIMULATOR_CA"]),
        httpx_args={"auth": httpx.BasicAuth(os.environ["SIMULATOR_USER"], password)},
    )


def joined(*names: str) -> list[str]:
    """The generated code sends a list as fields=a&fields=b, whatever `explode` says, and ONTAP wants fields=a,b."""
    return [",".join(names)]


def refused(response: Response[ErrorResponse | T], status: HTTPStatus) -> str:
    """The code of an error, which the client has as a type of its own."""
    equal("status", response.status_code, status)
    if not isinstance(response.parsed, ErrorResponse):
        raise AssertionError(f"no error: {response.parsed!r}")
    error = given(response.parsed.error)
    given(error.message)
    return given(error.code)


def page(response: Response[ErrorResponse | IpsecPolicyResponse]) -> IpsecPolicyResponse:
    if not isinstance(response.parsed, IpsecPolicyResponse):
        raise AssertionError(f"no page: {response.content!r}")
    return response.parsed


def policies(ontap: Client, first: IpsecPolicyResponse) -> tuple[list[IpsecPolicy], int]:
    """All policies of a list, and on how many pages they were."""
    found, pages, current = list(given(first.records)), 1, first
    while current.field_links and (following := current.field_links.next_) and following.href:
        # The link starts at the host's root, and httpx would put it behind /api.
        answer = ontap.get_httpx_client().get(urljoin(URL, following.href))
        answer.raise_for_status()
        current = IpsecPolicyResponse.from_dict(answer.json())
        found += given(current.records)
        pages += 1
    return found, pages


def read(answer: T | ErrorResponse | None, kind: type[T]) -> T:
    if not isinstance(answer, kind):
        raise AssertionError(f"not read: {answer!r}")
    return answer


def names(found: list[IpsecPolicy]) -> list[str]:
    return [given(policy.name) for policy in found]


def life(ontap: Client) -> None:
    new = IpsecPolicyCreate(
        name="nfs-to-hosts",
        svm=SvmReference(name="svm1"),
        action=IpsecAction.ESP_TRANSPORT,
        authentication_method=IpsecAuthenticationMethod.PSK,
        secret_key="example-key-of-no-value",
        protocol="tcp",
        local_endpoint=IpsecEndpoint(address="192.0.2.10", netmask="32", port="2049"),
        remote_endpoint=IpsecEndpoint(address="198.51.100.0", netmask="24"),
    )
    made = ipsec_policy_create.sync_detailed(client=ontap, body=new)
    equal("status", made.status_code, HTTPStatus.CREATED)
    page(made)
    uuid = UUID(made.headers["Location"].rpartition("/")[2])
    proven("a policy with a pre-shared key is made, and Location has its UUID")

    again = ipsec_policy_create.sync_detailed(client=ontap, body=new)
    equal("code", refused(again, HTTPStatus.CONFLICT), ErrorCode.DUPLICATE_POLICY_NAME)
    proven("a name that is taken is refused with duplicate-policy-name of the catalogue")

    policy = ipsec_policy_get.sync(uuid, client=ontap)
    if not isinstance(policy, IpsecPolicy):
        raise AssertionError(f"not read: {policy!r}")
    equal("policy", (policy.name, policy.uuid, policy.enabled), ("nfs-to-hosts", uuid, True))
    equal("action", policy.action, IpsecAction.ESP_TRANSPORT)
    equal("scope", policy.scope, NetworkScope.SVM)
    equal("port", given(policy.local_endpoint).port, "2049-2049")
    equal("key", "secret_key" in policy.to_dict(), False)
    proven("it reads back typed, and without its key")

    first = page(ipsec_policy_collection_get.sync_detailed(client=ontap, max_records=7, order_by=joined("name")))
    every, pages = policies(ontap, first)
    equal("names", names(every), ["nfs-to-hosts", *NAMES])
    equal("pages", pages, -(-(PLANTED + 1) // 7))
    proven(f"{len(every)} policies are listed over {pages} pages")

    filtered = ipsec_policy_collection_get.sync_detailed(
        client=ontap, name="policy-000*|nfs-*", svm_name="!svm2", fields=joined("name", "local_endpoint.port", "enabled")
    )
    some, _ = policies(ontap, page(filtered))
    equal("names", sorted(names(some)), ["nfs-to-hosts", *NAMES[:9]])
    equal("fields", {type(policy.enabled) for policy in some}, {bool})
    equal("fields", {type(policy.protocol) for policy in some}, {Unset})
    proven("filters with operators find what matches, and only the fields asked for come")

    backwards = ipsec_policy_collection_get.sync_detailed(
        client=ontap, order_by=joined("svm.name", "name desc"), max_records=100
    )
    equal("names", names(policies(ontap, page(backwards))[0]), [*reversed(NAMES), "nfs-to-hosts"])
    count = page(ipsec_policy_collection_get.sync_detailed(client=ontap, return_records=False))
    equal("count", (count.num_records, count.records or []), (PLANTED + 1, []))
    proven("the order can be chosen, and policies counted without being sent")

    change = IpsecPolicyModify(enabled=False, remote_endpoint=IpsecEndpoint(address="203.0.113.0", netmask="26"))
    changed = ipsec_policy_modify.sync_detailed(uuid, client=ontap, body=change)
    equal("status", changed.status_code, HTTPStatus.OK)
    policy = ipsec_policy_get.sync(uuid, client=ontap, fields=joined("enabled", "remote_endpoint"))
    if not isinstance(policy, IpsecPolicy):
        raise AssertionError(f"not read: {policy!r}")
    remote = given(policy.remote_endpoint)
    equal("changed", (policy.enabled, remote.address, remote.netmask), (False, "203.0.113.0", "26"))
    proven("it is changed, and reads back so")

    bad = ipsec_policy_modify.sync_detailed(
        uuid, client=ontap, body=IpsecPolicyModify(local_endpoint=IpsecEndpoint(port="1-2"))
    )
    equal("code", refused(bad, HTTPStatus.BAD_REQUEST), ErrorCode.PORT_RANGE_UNSUPPORTED)
    proven("a range of ports is refused with port-range-unsupported of the catalogue")

    equal("status", ipsec_policy_delete.sync_detailed(uuid, client=ontap).status_code, HTTPStatus.OK)
    equal("code", refused(ipsec_policy_get.sync_detailed(uuid, client=ontap), HTTPStatus.NOT_FOUND), "4")
    proven("it is deleted, and is no longer found")

    newer = {"action": "esp_tunnel", "scope": None, "weight": 3, "name": None, "enabled": None}
    policy = IpsecPolicy.from_dict(newer)
    equal("action", (type(policy.action), policy.action), (IpsecAction, "esp_tunnel"))
    equal("round trip", policy.to_dict(), newer)
    proven("values and fields of a newer ONTAP, and nulls, are read and kept")


def configuration(ontap: Client) -> None:
    for enabled in (False, True):
        changed = ipsec_modify.sync_detailed(client=ontap, body=IpsecModify(enabled=enabled))
        equal("status", changed.status_code, HTTPStatus.OK)
        equal("enabled", read(ipsec_get.sync(client=ontap), Ipsec).enabled, enabled)
    ipsec_modify.sync_detailed(client=ontap, body=IpsecModify(replay_window=IpsecModifyReplayWindow.VALUE_512))
    window = read(ipsec_get.sync(client=ontap, fields=joined("replay_window")), Ipsec)
    equal("window", (window.replay_window, window.enabled), (512, UNSET))
    proven("IPsec is switched off and on, and the replay window changed")


def authorities(ontap: Client) -> None:
    def body(uuid: UUID) -> IpsecCaCertificateCreate:
        certificate = CaCertificateReference(uuid=str(uuid))
        return IpsecCaCertificateCreate(certificate=certificate, svm=SvmReference(name="svm1"))

    made = ipsec_ca_certificate_create.sync_detailed(client=ontap, body=body(AUTHORITY))
    equal("status", made.status_code, HTTPStatus.CREATED)
    equal("Location", made.headers["Location"].rpartition("/")[2], str(AUTHORITY))
    found = read(ipsec_ca_certificate_get.sync(AUTHORITY, client=ontap), IpsecCaCertificate)
    equal("read", (given(found.certificate).uuid, found.scope), (str(AUTHORITY), NetworkScope.SVM))
    listed = ipsec_ca_certificate_collection_get.sync(client=ontap, svm_name="svm1", fields=joined("scope"))
    [record] = given(read(listed, IpsecCaCertificateResponse).records)
    equal("listed", given(record.certificate).uuid, str(AUTHORITY))
    proven("a CA certificate is trusted, read and listed")

    missing = ipsec_ca_certificate_create.sync_detailed(client=ontap, body=body(UUID(int=7)))
    equal("code", refused(missing, HTTPStatus.BAD_REQUEST), ErrorCode.CA_CERTIFICATE_NOT_INSTALLED)
    gone = ipsec_ca_certificate_delete.sync_detailed(AUTHORITY, client=ontap)
    equal("status", gone.status_code, HTTPStatus.OK)
    equal("code", refused(ipsec_ca_certificate_get.sync_detailed(AUTHORITY, client=ontap), HTTPStatus.NOT_FOUND), "4")
    proven("one that is not installed is refused, and one is trusted no more")


def associations(ontap: Client) -> None:
    def of_policy() -> list[SecurityAssociation]:
        every = joined("**")
        answer = security_association_collection_get.sync(client=ontap, policy_name="host-to-host", fields=every)
        return given(read(answer, SecurityAssociationResponse).records)

    new = IpsecPolicyCreate(
        name="host-to-host",
        svm=SvmReference(name="svm1"),
        secret_key="example-key-of-no-value",
        local_endpoint=IpsecEndpoint(address="192.0.2.10", netmask="32"),
        remote_endpoint=IpsecEndpoint(address="198.51.100.7", netmask="32"),
    )
    made = ipsec_policy_create.sync_detailed(client=ontap, body=new)
    equal("status", made.status_code, HTTPStatus.CREATED)
    ike, ipsec = of_policy()
    equal("types", (ike.type_, ipsec.type_), (SecurityAssociationType.IKE, SecurityAssociationType.IPSEC))
    equal("IKE", (given(ike.ike).state, given(ike.ike).authentication), (IkeState.ESTABLISHED, IkeAuthentication.PSK))
    equal("IPsec", (given(ipsec.ipsec).action, ipsec.remote_address), (IpsecAction.ESP_TRANSPORT, "198.51.100.7"))
    alone = read(security_association_get.sync(given(ipsec.uuid), client=ontap), SecurityAssociation)
    inbound, same = (given(given(one.ipsec).inbound) for one in (alone, ipsec))
    equal("index", inbound.security_parameter_index, given(same.security_parameter_index))
    proven("a policy between two hosts has an association of IKE and one of IPsec, typed")

    uuid = UUID(made.headers["Location"].rpartition("/")[2])
    equal("status", ipsec_policy_delete.sync_detailed(uuid, client=ontap).status_code, HTTPStatus.OK)
    equal("left", of_policy(), [])
    proven("they go with their policy")


with client(os.environ["SIMULATOR_PASSWORD"]) as authorized:
    life(authorized)
    configuration(authorized)
    authorities(authorized)
    associations(authorized)
with client("wrong") as stranger:
    refused(ipsec_policy_collection_get.sync_detailed(client=stranger), HTTPStatus.UNAUTHORIZED)
    proven("a wrong password is refused with a typed error")
