// A life of an IPsec policy, and what it needs, by the client that @hey-api/openapi-ts makes from the spec.
import assert from "node:assert/strict";
import { createClient } from "./client/client/index.js";
import {
  ipsecCaCertificateCollectionGet,
  ipsecCaCertificateCreate,
  ipsecCaCertificateDelete,
  ipsecCaCertificateGet,
  ipsecGet,
  ipsecModify,
  ipsecPolicyCollectionGet,
  ipsecPolicyCreate,
  ipsecPolicyDelete,
  ipsecPolicyGet,
  ipsecPolicyModify,
  securityAssociationCollectionGet,
  securityAssociationGet,
} from "./client/sdk.gen.js";
import type {
  ErrorResponse,
  IpsecPolicy,
  IpsecPolicyCreateWritable,
  IpsecPolicyModifyWritable,
  IpsecPolicyResponse,
} from "./client/types.gen.js";
import { ErrorCode } from "./error-codes.js";

function setting(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

const url = setting("SIMULATOR_URL");
const authority = setting("SIMULATOR_AUTHORITY");
const planted = Number(setting("SIMULATOR_POLICIES"));
const names = Array.from({ length: planted }, (_, index) => `policy-${String(index + 1).padStart(4, "0")}`);

const connect = (password: string) =>
  createClient({
    baseUrl: `${url}/api`,
    auth: (scheme) => (scheme.scheme === "basic" ? `${setting("SIMULATOR_USER")}:${password}` : undefined),
  });

const client = connect(setting("SIMULATOR_PASSWORD"));

const proven = (sentence: string) => console.log(`proven: ${sentence}`);

interface Answer<T> {
  data?: T;
  error?: ErrorResponse | undefined;
  response?: Response | undefined;
}

/** The data of a call that has to succeed. */
function good<T>(answer: Answer<T>): T {
  assert(answer.data !== undefined, `${answer.response?.status}: ${answer.error?.error?.message}`);
  return answer.data;
}

/** A call that has to fail, with this status and code. */
function refused(answer: Answer<unknown>, status: number, code: string): void {
  assert.equal(answer.response?.status, status);
  assert.equal(answer.error?.error?.code, code);
  assert(answer.error.error.message);
}

/** All policies of a list, and on how many pages they were. */
async function all(first: IpsecPolicyResponse): Promise<{ found: IpsecPolicy[]; pages: number }> {
  const found = [...(first.records ?? [])];
  let pages = 1;
  let next = first._links?.next?.href;
  while (next) {
    // The link starts at the root of the host, not at /api.
    const page: IpsecPolicyResponse = good(
      await client.get<{ 200: IpsecPolicyResponse }, { 400: ErrorResponse }>({
        baseUrl: url,
        url: next,
        security: [{ scheme: "basic", type: "http" }],
      }),
    );
    found.push(...(page.records ?? []));
    next = page._links?.next?.href;
    pages += 1;
  }
  return { found, pages };
}

const named = (found: IpsecPolicy[]) => found.map(({ name }) => name);

const body: IpsecPolicyCreateWritable = {
  name: "nfs-to-hosts",
  svm: { name: "svm1" },
  action: "esp_transport",
  authentication_method: "psk",
  secret_key: "example-key-of-no-value",
  protocol: "tcp",
  local_endpoint: { address: "192.0.2.10", netmask: "32", port: "2049" },
  remote_endpoint: { address: "198.51.100.0", netmask: "24" },
};
const made = await ipsecPolicyCreate({ client, body });
assert.equal(made.response?.status, 201);
good(made);
const uuid = made.response?.headers.get("Location")?.split("/").at(-1) ?? "";
assert.match(uuid, /^[0-9a-f-]{36}$/);
const path = { uuid };
proven("a policy with a pre-shared key is made, and Location has its UUID");

refused(await ipsecPolicyCreate({ client, body }), 409, ErrorCode.duplicatePolicyName);
proven("a name that is taken is refused with duplicate-policy-name of the catalogue");

const read = good(await ipsecPolicyGet({ client, path }));
assert.deepEqual([read.name, read.uuid, read.enabled], ["nfs-to-hosts", uuid, true]);
assert.equal(read.local_endpoint?.port, "2049-2049");
assert(!("secret_key" in read));
proven("it reads back typed, and without its key");

const first = good(await ipsecPolicyCollectionGet({ client, query: { max_records: 7, order_by: ["name"] } }));
const { found, pages } = await all(first);
assert.deepEqual(named(found), ["nfs-to-hosts", ...names]);
assert.equal(pages, Math.ceil((planted + 1) / 7));
proven(`${found.length} policies are listed over ${pages} pages`);

const query = { name: "policy-000*|nfs-*", "svm.name": "!svm2", fields: ["name", "local_endpoint.port", "enabled"] };
const some = good(await ipsecPolicyCollectionGet({ client, query })).records ?? [];
assert.deepEqual(named(some).sort(), ["nfs-to-hosts", ...names.slice(0, 9)]);
assert(some.every((policy) => typeof policy.enabled === "boolean" && policy.protocol === undefined));
proven("filters with operators find what matches, and only the fields asked for come");

const order = { order_by: ["svm.name", "name desc"], max_records: 100 };
const backwards = good(await ipsecPolicyCollectionGet({ client, query: order })).records ?? [];
assert.deepEqual(named(backwards), [...[...names].reverse(), "nfs-to-hosts"]);
const count = good(await ipsecPolicyCollectionGet({ client, query: { return_records: false } }));
assert.deepEqual([count.num_records, count.records ?? []], [planted + 1, []]);
proven("the order can be chosen, and policies counted without being sent");

const change: IpsecPolicyModifyWritable = { enabled: false, remote_endpoint: { address: "203.0.113.0", netmask: "26" } };
good(await ipsecPolicyModify({ client, path, body: change }));
const now = good(await ipsecPolicyGet({ client, path, query: { fields: ["enabled", "remote_endpoint"] } }));
assert.deepEqual([now.enabled, now.remote_endpoint?.address], [false, "203.0.113.0"]);
proven("it is changed, and reads back so");

const range = { local_endpoint: { port: "1-2" } };
refused(await ipsecPolicyModify({ client, path, body: range }), 400, ErrorCode.portRangeUnsupported);
proven("a range of ports is refused with port-range-unsupported of the catalogue");

assert.equal((await ipsecPolicyDelete({ client, path })).response?.status, 200);
refused(await ipsecPolicyGet({ client, path }), 404, "4");
proven("it is deleted, and is no longer found");

for (const enabled of [false, true]) {
  good(await ipsecModify({ client, body: { enabled } }));
  assert.equal(good(await ipsecGet({ client })).enabled, enabled);
}
proven("IPsec is switched off and on");

const trust = { certificate: { uuid: authority }, svm: { name: "svm1" } };
assert.equal((await ipsecCaCertificateCreate({ client, body: trust })).response?.status, 201);
const certificate = { client, path: { "certificate.uuid": authority } };
assert.equal(good(await ipsecCaCertificateGet(certificate)).scope, "svm");
const trusted = good(await ipsecCaCertificateCollectionGet({ client, query: { "svm.name": "svm1" } }));
assert.deepEqual(trusted.records?.map((record) => record.certificate?.uuid), [authority]);
assert.equal((await ipsecCaCertificateDelete(certificate)).response?.status, 200);
refused(await ipsecCaCertificateGet(certificate), 404, "4");
proven("a CA certificate is trusted, read, listed and trusted no more");

const between: IpsecPolicyCreateWritable = {
  name: "host-to-host",
  svm: { name: "svm1" },
  secret_key: "example-key-of-no-value",
  local_endpoint: { address: "192.0.2.10", netmask: "32" },
  remote_endpoint: { address: "198.51.100.7", netmask: "32" },
};
good(await ipsecPolicyCreate({ client, body: between }));
const ofPolicy = { policy_name: "host-to-host", fields: ["**"] };
const [ike, ipsec] = good(await securityAssociationCollectionGet({ client, query: ofPolicy })).records ?? [];
assert.deepEqual([ike?.type, ike?.ike?.state, ipsec?.type], ["ike", "established", "ipsec"]);
const same = good(await securityAssociationGet({ client, path: { uuid: ipsec?.uuid ?? "" } }));
assert.deepEqual(same.ipsec?.inbound, ipsec?.ipsec?.inbound);
proven("a policy between two hosts has an association of IKE and one of IPsec, typed");

refused(await ipsecPolicyCollectionGet({ client: connect("wrong") }), 401, "6691623");
proven("a wrong password is refused with a typed error");

// Never called: what follows an expectation must not compile, or the compiler says that the expectation is idle.
export function doesNotCompile(): void {
  // @ts-expect-error no such action
  const action: IpsecPolicyCreateWritable = { action: "esp_tunnel" };
  // @ts-expect-error fixed once the policy exists
  const renamed: IpsecPolicyModifyWritable = { name: "renamed" };
  // @ts-expect-error only ever returned
  const family: IpsecPolicyModifyWritable = { local_endpoint: { family: "ipv4" } };
  void [action, renamed, family];
}
