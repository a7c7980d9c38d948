"""NetApp's own Python library, as a contender: see work.rs for what it is asked and what it says.

The first argument is the method that reads the list. Only reading is measured, not the start of the interpreter.
"""

import json
import resource
import sys
import tempfile
import time
from operator import attrgetter, itemgetter
from urllib.parse import urlsplit

import netapp_ontap
from netapp_ontap import HostConnection
from netapp_ontap.resources import IpsecPolicy


def processor() -> float:
    """The CPU time of this program so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def peak() -> int:
    """The most memory that this program had, in bytes."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) << 10
    return 0


def main() -> None:
    if sys.argv[1] == "--version":
        print(netapp_ontap.__version__)
        return
    read = getattr(IpsecPolicy, sys.argv[1])
    # The fast one gives what the JSON held, and no objects below the policy.
    address = itemgetter("address") if sys.argv[1] == "fast_get_collection" else attrgetter("address")
    work = json.loads(sys.argv[2])
    url = urlsplit(work["url"])
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as certificate:
        certificate.write(work["certificate"] or "")
        certificate.flush()
        connection = HostConnection(
            url.hostname,
            username=work["user"],
            password=work["password"],
            scheme=url.scheme,
            port=url.port,
            verify=certificate.name if work["certificate"] else True,
        )
        # The environment may name other authorities and a proxy, and would win.
        connection.session.trust_env = False
        count = checksum = 0
        before, started = processor(), time.perf_counter()
        for policy in read(connection=connection, fields="*", max_records=work["task"]["list"]["page"]):
            count += 1
            checksum += len(policy.name) + len(policy.uuid) + len(address(policy.local_endpoint))
        seconds, used = time.perf_counter() - started, processor() - before
    print(
        json.dumps(
            {
                "count": count,
                "checksum": checksum,
                "seconds": seconds,
                "cpu_seconds": used,
                "peak_bytes": peak(),
            }
        )
    )


if __name__ == "__main__":
    main()
