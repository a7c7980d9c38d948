"""Drives the simulator with NetApp's own Python library, as a program for a real cluster would.

Where the library hides a request, `sent` shows it, so that a list of three pages is seen to be one.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from netapp_ontap import HostConnection, NetAppRestError, config
from netapp_ontap.resources import Ipsec, IpsecCaCertificate, IpsecPolicy, SecurityAssociation
from requests import Response

SVM = os.environ["SIMULATOR_SVM"]
SVM_UUID = os.environ["SIMULATOR_SVM_UUID"]
PLANTED = int(os.environ["SIMULATOR_POLICIES"])
AUTHORITY = os.environ["SIMULATOR_AUTHORITY"]
CLUSTER_AUTHORITY = os.environ["SIMULATOR_CLUSTER_AUTHORITY"]
POLICIES = "/api/security/ipsec/policies"
AUTHORITIES = "/api/security/ipsec/ca-certificates"
ABSENT = "00000000-0000-4000-8000-000000000000"


class Exchange(NamedTuple):
    """What the library sent, and how it was answered."""

    method: str
    path: str
    query: dict[str, str]
    status: int


EXCHANGES: list[Exchange] = []
CHECKS: list[Callable[[], None]] = []


def proves(check: Callable[[], None]) -> Callable[[], None]:
    """Marks a function whose first line of documentation is a sentence that holds if it returns."""
    CHECKS.append(check)
    return check


def connection(password: str) -> HostConnection:
    """A connection whose exchanges are noted. Jobs are asked after every second, the least that the library takes."""
    url = urlsplit(os.environ["SIMULATOR_URL"])
    made = HostConnection(
        url.hostname,
        username=os.environ["SIMULATOR_USER"],
        password=password,
        scheme=url.scheme,
        port=url.port,
        verify=os.environ["SIMULATOR_CA"],
        poll_interval=1,
    )
    made.session.hooks["response"].append(note)
    return made


def note(response: Response, *_args: object, **_kwargs: object) -> None:
    """Called by requests for each answer."""
    url = urlsplit(response.request.url)
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    EXCHANGES.append(Exchange(response.request.method, url.path, query, response.status_code))


@contextmanager
def sent() -> Iterator[list[Exchange]]:
    """The exchanges of a block, filled in when the block ends."""
    before = len(EXCHANGES)
    exchanges: list[Exchange] = []
    yield exchanges
    exchanges.extend(EXCHANGES[before:])


@contextmanager
def refused(status: int, *codes: str) -> Iterator[None]:
    """Wants the block to fail with this HTTP status and one of these codes; without codes, with any."""
    try:
        yield
    except NetAppRestError as error:
        body = error.response_body or {}
        code = body.get("error", {}).get("code")
        equal("status of the refusal", error.status_code, status)
        is_true(f"a code among {codes}, not {code!r}", isinstance(code, str) and (not codes or code in codes))
        return
    raise AssertionError(f"expected HTTP status {status} with {codes}, but it succeeded")


def equal(what: str, found: object, wanted: object) -> None:
    """Unlike `assert`, says what was found."""
    if found != wanted:
        raise AssertionError(f"{what}: found {found!r}, wanted {wanted!r}")


def is_true(what: str, holds: bool) -> None:
    """For what is no comparison of two values."""
    if not holds:
        raise AssertionError(f"it does not hold: {what}")


def policy(name: str, **changes: object) -> IpsecPolicy:
    """A policy that ONTAP takes, not yet made."""
    values: dict[str, object] = {
        "name": name,
        "svm": {"name": SVM},
        "action": "esp_transport",
        "authentication_method": "psk",
        "secret_key": "no-secret-at-all-0001",
        "local_endpoint": {"address": "192.0.2.20", "netmask": "32", "port": "2049"},
        "remote_endpoint": {"address": "198.51.100.0", "netmask": "24"},
        "protocol": "6",
    }
    return IpsecPolicy.from_dict(values | changes)


def made(name: str, **changes: object) -> IpsecPolicy:
    """A policy that was just made, and read back."""
    new = policy(name, **changes)
    new.post(hydrate=True)
    return new


def names(**query: object) -> list[str]:
    """The names of the policies that match, sorted."""
    return sorted(found.name for found in IpsecPolicy.get_collection(fields="name", **query))


# Lists


@proves
def pages() -> None:
    """get_collection follows the links to the next page until all policies are there, each once"""
    with sent() as exchanges:
        # The first check of all, before others make policies: it needs no filter.
        uuids = [found.uuid for found in IpsecPolicy.get_collection(max_records=10)]
    equal("policies", len(uuids), PLANTED)
    equal("different ones", len(set(uuids)), PLANTED)
    is_true(f"several pages of 10: {exchanges}", len(exchanges) >= 3)
    is_true("all pages of one path", {exchange.path for exchange in exchanges} == {POLICIES})


@proves
def pages_in_order() -> None:
    """get_collection keeps fields, filter and order on every page, though it encodes the links anew"""
    for order in ("name desc", "svm.name,name desc"):
        found = list(IpsecPolicy.get_collection(max_records=7, fields="name,enabled", order_by=order, name="policy-*"))
        wanted = [f"policy-{number:04}" for number in range(PLANTED, 0, -1)]
        equal(f"names ordered by {order}", [one.name for one in found], wanted)
        is_true("enabled came with every record", all(one.enabled is True for one in found))


@proves
def pages_of_the_unset() -> None:
    """get_collection, which drops empty parameters of links, pages over policies ordered by a field that they lack"""
    for number in range(3):
        policy(f"unset-{number}", svm=None).post()
    found = list(IpsecPolicy.get_collection(max_records=1, fields="name", order_by="svm.name,name", name="unset-*"))
    equal("names", [one.name for one in found], ["unset-0", "unset-1", "unset-2"])


@proves
def pages_of_odd_values() -> None:
    """get_collection pages over values that hold the characters of URLs and of queries"""
    wanted = ["C=DE, O=a&b=c, CN=*", "C=DE, O=a+b%2Bc, CN=#?", 'C=DE, O="a|b", CN=!<1..2>']
    for number, identity in enumerate(wanted):
        policy(f"odd-{number}", remote_identity=identity).post()
    found = IpsecPolicy.get_collection(max_records=1, fields="*", order_by="remote_identity,name", name="odd-*")
    equal("identities", sorted(one.remote_identity for one in found), sorted(wanted))
    equal("literally", names(remote_identity=f'"{wanted[0]}"'), ["odd-0"])


@proves
def operators() -> None:
    """get_collection passes the operators of queries on"""
    equal("either", names(name="policy-0001|policy-0003"), ["policy-0001", "policy-0003"])
    equal("a range", names(name="policy-0002..policy-0004"), ["policy-0002", "policy-0003", "policy-0004"])
    equal("less", names(name="<policy-0002"), names(name="!>=policy-0002"))
    equal("quoted", names(name='"policy-*"'), [])
    equal("two fields", names(**{"name": "policy-*", "remote_endpoint.address": "10.0.0.7"}), ["policy-0007"])


@proves
def booleans() -> None:
    """get_collection is understood though it spells booleans as Python does"""
    with sent() as exchanges:
        on, off = names(enabled=True, name="policy-*"), names(enabled=False, name="policy-*")
    equal("spelling", exchanges[0].query["enabled"], "True")
    equal("policies that are on and off", (len(on), len(off)), (PLANTED, 0))


@proves
def without_validation() -> None:
    """fast_get_collection gives the records as they came, and they can be promoted"""
    found = list(IpsecPolicy.fast_get_collection(max_records=10, fields="*", name="policy-*"))
    equal("policies", len(found), PLANTED)
    promoted = found[0].promote()
    promoted.get()
    equal("SVM of the first", (found[0].svm["uuid"], promoted.svm.uuid), (SVM_UUID, SVM_UUID))


@proves
def counts() -> None:
    """count_collection gives the number of all that match, without their records"""
    with sent() as exchanges:
        equal("all", IpsecPolicy.count_collection(name="policy-*"), PLANTED)
    equal("wish for records", exchanges[0].query["return_records"], "false")
    equal("one", IpsecPolicy.count_collection(name="policy-0001"), 1)
    equal("none", IpsecPolicy.count_collection(name="no-such-policy"), 0)


@proves
def finds() -> None:
    """find gives the one policy that matches, all its fields filled in, or None"""
    found = IpsecPolicy.find(name="policy-0003", svm={"name": SVM})
    equal("remote address", found.remote_endpoint.address, "10.0.0.3")
    equal("IPspace", found.ipspace.name, "Default")
    equal("a stranger", IpsecPolicy.find(name="no-such-policy"), None)
    try:
        IpsecPolicy.find(name="policy-*")
    except NetAppRestError as error:
        is_true(f"told that there are {PLANTED}: {error}", f"Found {PLANTED} " in str(error))
    else:
        raise AssertionError("find picked one of many")


# One policy


@proves
def gets() -> None:
    """get reads all fields of a policy, or those asked for"""
    uuid = IpsecPolicy.find(name="policy-0005", fields="uuid").uuid
    whole = IpsecPolicy(uuid=uuid)
    whole.get()
    equal("port", whole.local_endpoint.port, "2049-2049")
    equal("authentication", whole.authentication_method, "psk")
    is_true("no key", not hasattr(whole, "secret_key"))
    part = IpsecPolicy(uuid=uuid)
    part.get(fields="name,svm.name")
    equal("fields", sorted(part.to_dict()), ["name", "svm", "uuid"])


@proves
def posts() -> None:
    """post without hydrate learns the UUID from Location, and reads nothing"""
    new = policy("post-plain")
    with sent() as exchanges:
        response = new.post()
    equal("exchanges", [(one.method, one.status) for one in exchanges], [("POST", 201)])
    equal("Location", response.http_response.headers["Location"], f"{POLICIES}/{new.uuid}")
    is_true("not read", not hasattr(new, "scope"))
    equal("found by name", IpsecPolicy.find(name="post-plain").uuid, new.uuid)


@proves
def posts_and_hydrates() -> None:
    """post with hydrate reads the policy back as ONTAP writes it"""
    new = made("post-hydrated", remote_endpoint={"address": "2001:db8:0::", "netmask": "64", "port": "500"})
    equal("protocol", new.protocol, "tcp")
    equal("local port", new.local_endpoint.port, "2049-2049")
    equal("remote endpoint", new.remote_endpoint.to_dict(), {
        "address": "2001:db8::", "family": "ipv6", "netmask": "64", "port": "500-500",
    })  # fmt: skip
    equal("scope and SVM", (new.scope, new.svm.uuid), ("svm", SVM_UUID))


@proves
def posts_and_returns() -> None:
    """post with return_records gives the policy in the answer"""
    new = policy("post-returned")
    body = new.post(return_records=True).http_response.json()
    equal("UUIDs", [record["uuid"] for record in body["records"]], [new.uuid])


@proves
def patches() -> None:
    """patch sends what changed, and ONTAP keeps the rest"""
    changing = made("patch")
    changing.enabled = False
    changing.remote_endpoint.address = "203.0.113.0"
    changing.patch()
    changing.remote_identity = "host.example.com"
    with sent() as exchanges:
        changing.patch(hydrate=True)
    equal("exchanges", [(one.method, one.status) for one in exchanges], [("PATCH", 200), ("GET", 200)])
    equal("enabled", changing.enabled, False)
    equal("remote endpoint", changing.remote_endpoint.to_dict(), {
        "address": "203.0.113.0", "family": "ipv4", "netmask": "24", "port": "0-0",
    })  # fmt: skip
    equal("remote identity", changing.remote_identity, "host.example.com")


@proves
def deletes() -> None:
    """delete, which has a body of {}, removes the policy"""
    doomed = made("delete")
    doomed.delete()
    equal("left", names(name="delete"), [])
    with refused(404, "4"):
        doomed.delete()


@proves
def waits_for_jobs() -> None:
    """post, patch and delete wait for a job where ONTAP starts one, and hydrate only then"""
    new = policy("job")
    with sent() as exchanges:
        new.post(hydrate=True, return_timeout=0)
    equal("first answer", (exchanges[0].method, exchanges[0].status), ("POST", 202))
    jobs = [one for one in exchanges if one.path.startswith("/api/cluster/jobs/")]
    is_true(f"the job was asked after until it was done: {exchanges}", len(jobs) >= 2 and exchanges[-1] not in jobs)
    equal("scope", new.scope, "svm")
    new.enabled = False
    new.patch(hydrate=True, return_timeout=0)
    equal("enabled", new.enabled, False)
    new.delete(return_timeout=0)
    equal("left", names(name="job"), [])


@proves
def jobs_that_fail() -> None:
    """A job that fails is an error, and nothing is made"""
    try:
        policy("job-fails").post(return_timeout=1)
    except NetAppRestError as error:
        is_true(f"told that the job failed: {error}", "Job failed" in str(error))
    else:
        raise AssertionError("it succeeded")
    equal("left", names(name="job-fails"), [])


# Many policies by a query


@proves
def patches_by_query() -> None:
    """patch_collection changes all that match, batch by batch, and nothing else"""
    for number in range(5):
        policy(f"many-patch-{number}").post()
    with sent() as exchanges:
        IpsecPolicy.patch_collection({"remote_identity": "many.example.com"}, name="many-patch-*", max_records=2)
    is_true(f"batches of 2: {exchanges}", len(exchanges) >= 3 and {one.method for one in exchanges} == {"PATCH"})
    equal("changed", names(remote_identity="many.example.com"), [f"many-patch-{number}" for number in range(5)])


@proves
def patches_by_query_that_leaves_its_own_result() -> None:
    """patch_collection reaches every match although what is changed no longer matches"""
    for number in range(5):
        policy(f"many-off-{number}").post()
    IpsecPolicy.patch_collection({"enabled": False}, name="many-off-*", enabled=True, max_records=2)
    equal("on", names(name="many-off-*", enabled=True), [])
    equal("off", len(names(name="many-off-*", enabled=False)), 5)


@proves
def deletes_by_query() -> None:
    """delete_collection removes all that match, batch by batch, and nothing else"""
    for number in range(5):
        policy(f"many-delete-{number}").post()
    with sent() as exchanges:
        IpsecPolicy.delete_collection(name="many-delete-*", max_records=2)
    is_true(f"batches of 2: {exchanges}", len(exchanges) >= 3 and {one.method for one in exchanges} == {"DELETE"})
    equal("left", names(name="many-delete-*"), [])
    equal("others", IpsecPolicy.count_collection(name="policy-*"), PLANTED)


@proves
def no_match_by_query() -> None:
    """patch_collection and delete_collection succeed where nothing matches"""
    IpsecPolicy.patch_collection({"enabled": False}, name="no-such-policy")
    IpsecPolicy.delete_collection(name="no-such-policy")


@proves
def by_no_query() -> None:
    """patch_collection and delete_collection are refused without a query"""
    with refused(400):
        IpsecPolicy.patch_collection({"enabled": False})
    with refused(400):
        IpsecPolicy.delete_collection()
    equal("still there and on", len(names(name="policy-*", enabled=True)), PLANTED)


# Many policies by their records


@proves
def posts_records() -> None:
    """post_collection makes policies in a job, and gives them"""
    wanted = [f"batch-post-{number}" for number in range(3)]
    with sent() as exchanges:
        new = IpsecPolicy.post_collection([policy(name) for name in wanted], hydrate=True)
    equal("names", sorted(one.name for one in new), wanted)
    equal("SVMs", {one.svm.uuid for one in new}, {SVM_UUID})
    equal("answer to the first request", (exchanges[0].method, exchanges[0].status), ("POST", 202))
    is_true("the job was asked after", any(one.path.startswith("/api/cluster/jobs/") for one in exchanges))
    is_true("its results were read", any("job_results_uuid" in one.query for one in exchanges))


@proves
def posts_no_record_if_one_is_wrong() -> None:
    """post_collection takes back what it made when a record fails, and says why"""
    right, wrong = policy("batch-undone"), policy("policy-0001")
    try:
        IpsecPolicy.post_collection([right, wrong])
    except NetAppRestError as error:
        is_true(f"told about the operation: {error}", "Operation errors: " in str(error))
    else:
        raise AssertionError("a name that is taken was taken")
    equal("left", names(name="batch-undone"), [])


@proves
def posts_what_it_can() -> None:
    """post_collection with continue_on_failure keeps what it made"""
    try:
        IpsecPolicy.post_collection([policy("policy-0001"), policy("batch-kept")], continue_on_failure=True)
    except NetAppRestError as error:
        is_true(f"told about the operation: {error}", "Operation errors: " in str(error))
    else:
        raise AssertionError("a name that is taken was taken")
    equal("left", names(name="batch-kept"), ["batch-kept"])


@proves
def patches_records() -> None:
    """patch_collection, which names no Content-Type for records, changes each record in its own way"""
    changing = [made(f"batch-patch-{number}") for number in range(3)]
    for number, one in enumerate(changing):
        one.remote_identity = f"host-{number}.example.com"
    IpsecPolicy.patch_collection({}, records=changing)
    found = list(IpsecPolicy.get_collection(name="batch-patch-*", fields="remote_identity", order_by="name"))
    equal("identities", [one.remote_identity for one in found], [f"host-{number}.example.com" for number in range(3)])


@proves
def deletes_records() -> None:
    """delete_collection removes the records that it is given"""
    new = [made(f"batch-delete-{number}") for number in range(3)]
    IpsecPolicy.delete_collection(records=new[:2])
    equal("left", names(name="batch-delete-*"), ["batch-delete-2"])


# The configuration, CA certificates and security associations


@proves
def configuration() -> None:
    """Ipsec reads the configuration, and patch switches IPsec off and on and keeps the rest"""
    config_of_all = Ipsec()
    config_of_all.get()
    equal("on at first", config_of_all.enabled, True)
    for enabled in (False, True):
        config_of_all.enabled = enabled
        with sent() as exchanges:
            config_of_all.patch(hydrate=True)
        equal("exchanges", [(one.method, one.status) for one in exchanges], [("PATCH", 200), ("GET", 200)])
        equal("enabled", config_of_all.enabled, enabled)
        equal("associations", SecurityAssociation.count_collection() > 0, enabled)
    change = Ipsec()
    change.replay_window = "512"
    change.patch()
    config_of_all.get(fields="enabled,replay_window")
    equal("changed", (config_of_all.enabled, int(config_of_all.replay_window)), (True, 512))


@proves
def trusts_authorities() -> None:
    """IpsecCaCertificate.post trusts a CA certificate of an SVM and one of the cluster, which are read and listed"""
    of_svm = IpsecCaCertificate.from_dict({"certificate": {"uuid": AUTHORITY}, "svm": {"name": SVM}})
    response = of_svm.post()
    of_svm.get()
    equal("Location", response.http_response.headers["Location"], f"{AUTHORITIES}/{AUTHORITY}")
    equal("scope and SVM", (of_svm.scope, of_svm.svm.uuid), ("svm", SVM_UUID))
    of_cluster = IpsecCaCertificate.from_dict({"certificate": {"uuid": CLUSTER_AUTHORITY}})
    of_cluster.post()
    alone = IpsecCaCertificate(**{"certificate.uuid": CLUSTER_AUTHORITY})
    alone.get()
    equal("scope", alone.scope, "cluster")
    found = list(IpsecCaCertificate.get_collection(max_records=1, order_by="certificate.uuid"))
    equal("listed", [one.certificate.uuid for one in found], [AUTHORITY, CLUSTER_AUTHORITY])
    equal("found", IpsecCaCertificate.find(scope="svm").certificate.uuid, AUTHORITY)


@proves
def trusts_no_more() -> None:
    """IpsecCaCertificate.delete has a CA certificate trusted no more, and refusals carry the documented codes"""
    for uuid in (AUTHORITY, CLUSTER_AUTHORITY):
        doomed = IpsecCaCertificate(**{"certificate.uuid": uuid})
        doomed.delete()
        with refused(400, "66257298"):
            doomed.delete()
        with refused(404, "4"):
            doomed.get()
    equal("left", IpsecCaCertificate.count_collection(), 0)
    with refused(400, "66257303"):
        IpsecCaCertificate(**{"certificate.uuid": ABSENT}).delete()
    with refused(400, "66257304"):
        IpsecCaCertificate.from_dict({"certificate": {"uuid": ABSENT}, "svm": {"name": SVM}}).post()


@proves
def associations() -> None:
    """SecurityAssociation.get_collection follows pages and filters, and reads all fields of IKE and of IPsec"""
    hosts = {
        "local_endpoint": {"address": "192.0.2.30", "netmask": "32"},
        "remote_endpoint": {"address": "198.51.100.7", "netmask": "32"},
    }
    new = made("associated", **hosts)
    ike, ipsec = SecurityAssociation.get_collection(max_records=1, fields="*", policy_name="associated", order_by="type")
    equal("types", (ike.type, ipsec.type), ("ike", "ipsec"))
    equal("IKE", (ike.ike.state, ike.ike.authentication, ike.ike.is_initiator), ("established", "psk", True))
    equal("IPsec", (ipsec.ipsec.state, ipsec.ipsec.action), ("installed", "esp_transport"))
    equal("addresses", (ipsec.local_address, ipsec.remote_address), ("192.0.2.30", "198.51.100.7"))
    equal("SVM and node", (ipsec.svm.uuid, ipsec.node.name), (SVM_UUID, "node1"))
    alone = SecurityAssociation(uuid=ipsec.uuid)
    alone.get()
    equal("the same", alone.ipsec.inbound.to_dict(), ipsec.ipsec.inbound.to_dict())
    equal("of IPsec", SecurityAssociation.count_collection(policy_name="associated", **{"ipsec.state": "installed"}), 1)
    new.delete()
    equal("left", SecurityAssociation.count_collection(policy_name="associated"), 0)


# Refusals


@proves
def documented_codes() -> None:
    """Refusals carry the documented codes"""
    with refused(409, "66257104"):
        policy("policy-0001").post()
    with refused(400, "66257132"):
        policy("error-port", local_endpoint={"address": "192.0.2.1", "netmask": "32", "port": "70000"}).post()
    with refused(400, "66257125"):
        policy("error-endpoint", local_endpoint={"address": "192.0.2.1"}).post()
    with refused(400, "66257202"):
        policy("error-svm", svm={"name": "nowhere"}).post()


@proves
def generic_codes() -> None:
    """Refusals that any part of ONTAP's API makes carry their generic codes"""
    with refused(404, "4"):
        IpsecPolicy(uuid=ABSENT).get()
    with refused(404, "4"):
        IpsecPolicy(uuid=ABSENT).delete()
    with refused(400, "262190"):
        made("error-nothing-changed").patch()
    with refused(400, "262179", "262197"):
        list(IpsecPolicy.get_collection(no_such_field="value"))
    with refused(400):
        list(IpsecPolicy.get_collection(fields="no_such_field"))
    with refused(400, "262249"):
        list(IpsecPolicy.get_collection(fields="secret_key"))
    with refused(400, "262197"):
        list(IpsecPolicy.get_collection(max_records=-1))


@proves
def refusals_as_answers() -> None:
    """Refusals can be taken as answers instead of exceptions"""
    config.RAISE_API_ERRORS = False
    try:
        answer = policy("policy-0001").post()
    finally:
        config.RAISE_API_ERRORS = True
    is_true("an error", answer.is_err)
    equal("code", answer.http_response.json()["error"]["code"], "66257104")


@proves
def wrong_password() -> None:
    """A wrong password is refused with status 401"""
    with connection("wrong"), refused(401):
        list(IpsecPolicy.get_collection())


def what_happened() -> str:
    """The error, where in this file it came from, and the last exchanges before it."""
    _, error, frames = sys.exc_info()
    own = [frame for frame in traceback.extract_tb(frames) if frame.filename == __file__]
    places = [f"{frame.filename}:{frame.lineno}: {frame.line}" for frame in own]
    lines = [f"{type(error).__name__}: {error}", *places, *map(str, EXCHANGES[-3:])]
    return "\n".join(f"    {line}" for line in lines)


def main() -> int:
    """Runs all checks, also after one that failed."""
    failed = 0
    with connection(os.environ["SIMULATOR_PASSWORD"]):
        for check in CHECKS:
            sentence = (check.__doc__ or check.__name__).splitlines()[0]
            try:
                check()
            except Exception:  # whatever the library raises counts
                failed += 1
                print(f"FAILED: {sentence}\n{what_happened()}", flush=True)
            else:
                print(f"proven: {sentence}", flush=True)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
