// A life of an IPsec policy, and what it needs, by openapi-fetch with the types that openapi-typescript makes from the spec.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import { ErrorCode } from "./error-codes.js";
import type { components, paths, Readable, Writable } from "./schema.js";

type Policy = Readable<components["schemas"]["ipsec_policy"]>;
type Page = Readable<components["schemas"]["ipsec_policy_response"]>;
type Failure = Readable<components["schemas"]["error_response"]>;
type Create = Writable<components["schemas"]["ipsec_policy_create"]>;
type Modify = Writable<components["schemas"]["ipsec_policy_modify"]>;

function setting(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

const url = setting("SIMULATOR_URL");
const authority = setting("SIMULATOR_AUTHORITY");
const planted = Number(setting("SIMULATOR_POLICIES"));
const names = Array.from({ length: planted }, (_, index) => `policy-${String(index + 1).padStart(4, "0")}`);
const account = (password: string) => ({
  Authorization: `Basic ${Buffer.from(`${setting("SIMULATOR_USER")}:${password}`).toString("base64")}`,
});

const connect = (password: string) =>
  createClient<paths>({
    baseUrl: `${url}/api`,
    headers: account(password),
    // The types say nothing of `explode`, and ONTAP wants fields=a,b.
    querySerializer: { array: { style: "form", explode: false } },
  });

const headers = account(setting("SIMULATOR_PASSWORD"));
const ontap = connect(setting("SIMULATOR_PASSWORD"));

const proven = (sentence: string) => console.log(`proven: ${sentence}`);

/** The data of a call that has to succeed. */
function good<T>(answer: { data?: T; error?: Failure | undefined; response: Response }): T {
  assert(answer.data !== undefined, `${answer.response.status}: ${answer.error?.error?.message}`);
  return answer.data;
}

/** A call that has to fail, with this status and code. */
function refused(answer: { error?: Failure | undefined; response: Response }, status: number, code: string): void {
  assert.equal(answer.response.status, status);
  assert.equal(answer.error?.error?.code, code);
  assert(answer.error.error.message);
}

/** All policies of a list, and on how many pages they were. */
async function all(first: Page): Promise<{ found: Policy[]; pages: number }> {
  const found = [...(first.records ?? [])];
  let pages = 1;
  let next = first._links?.next?.href;
  while (next) {
    // The link starts at the root of the host, not at /api.
    const answer = await fetch(new URL(next, url), { headers });
    assert.equal(answer.status, 200);
    const page = (await answer.json()) as Page;
    found.push(...(page.records ?? []));
    next = page._links?.next?.href;
    pages += 1;
  }
  return { found, pages };
}

const named = (found: Policy[]) => found.map(({ name }) => name);

const body: Create = {
  name: "nfs-to-hosts",
  svm: { name: "svm1" },
  action: "esp_transport",
  authentication_method: "psk",
  secret_key: "example-key-of-no-value",
  protocol: "tcp",
  local_endpoint: { address: "192.0.2.10", netmask: "32", port: "2049" },
  remote_endpoint: { address: "198.51.100.0", netmask: "24" },
};
const made = await ontap.POST("/security/ipsec/policies", { body });
assert.equal(made.response.status, 201);
good(made);
const uuid = made.response.headers.get("Location")?.split("/").at(-1);
assert.match(uuid ?? "", /^[0-9a-f-]{36}$/);
const params = { path: { uuid: uuid! } };
proven("a policy with a pre-shared key is made, and Location has its UUID");

refused(await ontap.POST("/security/ipsec/policies", { body }), 409, ErrorCode.duplicatePolicyName);
proven("a name that is taken is refused with duplicate-policy-name of the catalogue");

const read = good(await ontap.GET("/security/ipsec/policies/{uuid}", { params }));
assert.deepEqual([read.name, read.uuid, read.enabled], ["nfs-to-hosts", uuid, true]);
assert.deepEqual([read.action, read.scope], ["esp_transport", "svm"] satisfies [Policy["action"], Policy["scope"]]);
assert.equal(read.local_endpoint?.port, "2049-2049");
assert(!("secret_key" in read));
proven("it reads back typed, and without its key");

const first = await ontap.GET("/security/ipsec/policies", { params: { query: { max_records: 7, order_by: ["name"] } } });
const { found, pages } = await all(good(first));
assert.deepEqual(named(found), ["nfs-to-hosts", ...names]);
assert.equal(pages, Math.ceil((planted + 1) / 7));
proven(`${found.length} policies are listed over ${pages} pages`);

const filtered = await ontap.GET("/security/ipsec/policies", {
  params: {
    query: { name: "policy-000*|nfs-*", "svm.name": "!svm2", fields: ["name", "local_endpoint.port", "enabled"] },
  },
});
const some = (await all(good(filtered))).found;
assert.deepEqual(named(some).sort(), ["nfs-to-hosts", ...names.slice(0, 9)]);
assert(some.every((policy) => typeof policy.enabled === "boolean" && policy.protocol === undefined));
proven("filters with operators find what matches, and only the fields asked for come");

const backwards = await ontap.GET("/security/ipsec/policies", {
  params: { query: { order_by: ["svm.name", "name desc"], max_records: 100 } },
});
assert.deepEqual(named(good(backwards).records ?? []), [...[...names].reverse(), "nfs-to-hosts"]);
const count = good(await ontap.GET("/security/ipsec/policies", { params: { query: { return_records: false } } }));
assert.deepEqual([count.num_records, count.records ?? []], [planted + 1, []]);
proven("the order can be chosen, and policies counted without being sent");

const change: Modify = { enabled: false, remote_endpoint: { address: "203.0.113.0", netmask: "26" } };
const changed = await ontap.PATCH("/security/ipsec/policies/{uuid}", { params, body: change });
assert.equal(changed.response.status, 200);
const query = { fields: ["enabled", "remote_endpoint"] };
const now = good(await ontap.GET("/security/ipsec/policies/{uuid}", { params: { ...params, query } }));
assert.deepEqual(
  [now.enabled, now.remote_endpoint?.address, now.remote_endpoint?.netmask],
  [false, "203.0.113.0", "26"],
);
proven("it is changed, and reads back so");

refused(
  await ontap.PATCH("/security/ipsec/policies/{uuid}", { params, body: { local_endpoint: { port: "1-2" } } }),
  400,
  ErrorCode.portRangeUnsupported,
);
proven("a range of ports is refused with port-range-unsupported of the catalogue");

const deleted = await ontap.DELETE("/security/ipsec/policies/{uuid}", { params });
assert.equal(deleted.response.status, 200);
refused(await ontap.GET("/security/ipsec/policies/{uuid}", { params }), 404, "4");
proven("it is deleted, and is no longer found");

for (const enabled of [false, true]) {
  good(await ontap.PATCH("/security/ipsec", { body: { enabled } }));
  assert.equal(good(await ontap.GET("/security/ipsec")).enabled, enabled);
}
good(await ontap.PATCH("/security/ipsec", { body: { replay_window: 512 } }));
assert.equal(good(await ontap.GET("/security/ipsec")).replay_window, 512);
proven("IPsec is switched off and on, and the replay window changed");

const trust = (uuid: string) =>
  ontap.POST("/security/ipsec/ca-certificates", { body: { certificate: { uuid }, svm: { name: "svm1" } } });
assert.equal((await trust(authority)).response.status, 201);
const certificate = { params: { path: { "certificate.uuid": authority } } };
const trusted = good(await ontap.GET("/security/ipsec/ca-certificates/{certificate.uuid}", certificate));
assert.deepEqual([trusted.certificate?.uuid, trusted.scope], [authority, "svm"]);
const listed = await ontap.GET("/security/ipsec/ca-certificates", { params: { query: { "svm.name": "svm1" } } });
assert.deepEqual(good(listed).records?.map((record) => record.certificate?.uuid), [authority]);
proven("a CA certificate is trusted, read and listed");

refused(await trust("00000000-0000-0000-0000-000000000007"), 400, ErrorCode.caCertificateNotInstalled);
const removed = await ontap.DELETE("/security/ipsec/ca-certificates/{certificate.uuid}", certificate);
assert.equal(removed.response.status, 200);
refused(await ontap.GET("/security/ipsec/ca-certificates/{certificate.uuid}", certificate), 404, "4");
proven("one that is not installed is refused, and one is trusted no more");

const between = await ontap.POST("/security/ipsec/policies", {
  params: { query: { return_records: true } },
  body: {
    name: "host-to-host",
    svm: { name: "svm1" },
    secret_key: "example-key-of-no-value",
    local_endpoint: { address: "192.0.2.10", netmask: "32" },
    remote_endpoint: { address: "198.51.100.7", netmask: "32" },
  },
});
const ofPolicy = async () => {
  const query = { policy_name: "host-to-host", fields: ["**"] };
  return good(await ontap.GET("/security/ipsec/security-associations", { params: { query } })).records ?? [];
};
const [ike, ipsec, ...others] = await ofPolicy();
assert.deepEqual([ike?.type, ipsec?.type, others], ["ike", "ipsec", []]);
assert.deepEqual([ike?.ike?.state, ike?.ike?.authentication], ["established", "psk"]);
assert.deepEqual([ipsec?.ipsec?.action, ipsec?.remote_address], ["esp_transport", "198.51.100.7"]);
const alone = { params: { path: { uuid: ipsec?.uuid ?? "" } } };
const same = good(await ontap.GET("/security/ipsec/security-associations/{uuid}", alone));
assert.equal(typeof same.ipsec?.inbound?.security_parameter_index, "string");
assert.deepEqual(same.ipsec?.inbound, ipsec?.ipsec?.inbound);
proven("a policy between two hosts has an association of IKE and one of IPsec, typed");

const policy = { params: { path: { uuid: good(between).records?.[0]?.uuid ?? "" } } };
assert.equal((await ontap.DELETE("/security/ipsec/policies/{uuid}", policy)).response.status, 200);
assert.deepEqual(await ofPolicy(), []);
proven("they go with their policy");

const stranger = await connect("wrong").GET("/security/ipsec/policies");
assert.equal(stranger.response.status, 401);
assert(stranger.error?.error?.message);
proven("a wrong password is refused with a typed error");

// Never called: what follows an expectation must not compile, or the compiler says that the expectation is idle. Bodies get
// their type first, since the calls of openapi-fetch are generic and let members pass that no type has.
export async function doesNotCompile(): Promise<void> {
  // @ts-expect-error no such action
  const action: Create = { action: "esp_tunnel" };
  // @ts-expect-error fixed once the policy exists
  const renamed: Modify = { name: "renamed" };
  // @ts-expect-error only ever returned
  const family: Modify = { local_endpoint: { family: "ipv4" } };
  // @ts-expect-error no such size
  const window: Writable<components["schemas"]["ipsec_modify"]> = { replay_window: 100 };
  // @ts-expect-error no such filter
  const filtered = await ontap.GET("/security/ipsec/policies", { params: { query: { secret_key: "*" } } });
  // @ts-expect-error the key is never returned
  const key = read.secret_key;
  void [action, renamed, family, window, filtered, key];
}
