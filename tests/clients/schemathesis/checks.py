"""What the spec does not say in a way that schemathesis understands, as checks of every answer.

The spec has one `default` response for all errors, with which schemathesis lets any status pass.
"""

import json
from http import HTTPStatus

import schemathesis
from schemathesis import Case, CheckContext, Response

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

# The codes of IPsec have these digits in front; others are those of ONTAP's API as a whole.
IPSEC = "66257"


def of_a_documented_method(case: Case) -> bool:
    """False for what schemathesis tries on purpose with a method that the path does not have."""
    return case.method.lower() == case.operation.method.lower()


@schemathesis.check
def documented_status(_context: CheckContext, response: Response, case: Case) -> None:
    """A status that the operation names, or one of those that ONTAP refuses with."""
    if not of_a_documented_method(case):
        return
    named = {int(status) for status in case.operation.responses.status_codes if status.isdigit()}
    # Without credentials, as one of schemathesis' own checks tries it, there is one more.
    allowed = named | REFUSALS | ({HTTPStatus.UNAUTHORIZED} if "authorization" not in sent_headers(response) else set())
    if response.status_code not in allowed:
        raise AssertionError(f"status {response.status_code} is not documented; these are: {sorted(map(int, allowed))}")


@schemathesis.check
def documented_code(_context: CheckContext, response: Response, case: Case) -> None:
    """A code of IPsec only if it is documented for the operation."""
    if response.status_code < HTTPStatus.BAD_REQUEST or not of_a_documented_method(case):
        return
    code = json.loads(response.content)["error"]["code"]
    documented = [str(one) for one in case.operation.definition.raw.get("x-ontap-error-codes", [])]
    if code.startswith(IPSEC) and code not in documented:
        raise AssertionError(f"code {code} is not documented for {case.operation.label}")


@schemathesis.check
def no_key(_context: CheckContext, response: Response, _case: Case) -> None:
    """Success that holds no key."""
    if response.status_code < HTTPStatus.BAD_REQUEST and b'"secret_key"' in response.content:
        raise AssertionError("the answer has a secret_key")


def sent_headers(response: Response) -> set[str]:
    """The names of the headers of the request, in lower case."""
    return {name.lower() for name in response.request.headers}
