# frozen_string_literal: true

# A life of an IPsec policy, and what it needs, by the client that openapi-generator makes from the spec.

require 'json'
require 'uri'
require 'ontap_ipsec'

URL = URI(ENV.fetch('SIMULATOR_URL'))
PLANTED = Integer(ENV.fetch('SIMULATOR_POLICIES'))
AUTHORITY = ENV.fetch('SIMULATOR_AUTHORITY')
NAMES = (1..PLANTED).map { |number| format('policy-%04d', number) }
# The numbers of the spec's error codes, by their names.
CODES = JSON.parse(File.read(ENV.fetch('SPEC'))).dig('components', 'x-ontap-error-codes')
            .to_h { |code, entry| [entry['name'], code] }

def proven(sentence)
  puts "proven: #{sentence}"
end

def equal(what, found, expected)
  raise "#{what}: #{found.inspect} instead of #{expected.inspect}" unless found == expected
end

def client(password)
  OntapIpsec::ApiClient.new(OntapIpsec::Configuration.new { |config|
    config.scheme = URL.scheme
    config.host = "#{URL.host}:#{URL.port}"
    config.base_path = '/api'
    config.server_index = nil
    config.ssl_ca_cert = ENV.fetch('SIMULATOR_CA')
    config.username = ENV.fetch('SIMULATOR_USER')
    config.password = password
  })
end

# A call that has to fail with this status; returns the code.
def refused(status)
  yield
  raise 'it is not refused'
rescue OntapIpsec::ApiError => e
  equal('status', e.code, status)
  error = OntapIpsec::ErrorResponse.build_from_hash(JSON.parse(e.response_body, symbolize_names: true)).error
  raise 'no message' if error.message.to_s.empty?

  error.code
end

# All policies of a list, and on how many pages they were.
def policies(client, first)
  found = first.records
  pages = 1
  page = first
  while (following = page._links&._next&.href)
    # The link starts at the root of the host, and the client's paths start at /api.
    page, = client.call_api(:GET, following.delete_prefix('/api'), return_type: 'IpsecPolicyResponse',
                                                                   auth_names: ['basic'])
    found += page.records
    pages += 1
  end
  [found, pages]
end

def names(policies)
  policies.map(&:name)
end

def endpoint(**members)
  OntapIpsec::IpsecEndpoint.new(members)
end

ontap = client(ENV.fetch('SIMULATOR_PASSWORD'))
api = OntapIpsec::SecurityApi.new(ontap)
svm = OntapIpsec::SvmReference.new(name: 'svm1')

body = OntapIpsec::IpsecPolicyCreate.new(
  name: 'nfs-to-hosts', svm: svm, action: 'esp_transport', authentication_method: 'psk', protocol: 'tcp',
  secret_key: 'example-key-of-no-value',
  local_endpoint: endpoint(address: '192.0.2.10', netmask: '32', port: '2049'),
  remote_endpoint: endpoint(address: '198.51.100.0', netmask: '24')
)
_, status, headers = api.ipsec_policy_create_with_http_info(body)
equal('status', status, 201)
uuid = headers['Location'].split('/').last
proven('a policy with a pre-shared key is made, and Location has its UUID')

equal('code', refused(409) { api.ipsec_policy_create(body) }, CODES.fetch('duplicate-policy-name'))
proven('a name that is taken is refused with duplicate-policy-name of the catalogue')

read = api.ipsec_policy_get(uuid)
equal('the policy', [read.name, read.uuid, read.enabled, read.action], ['nfs-to-hosts', uuid, true, 'esp_transport'])
equal('the port', read.local_endpoint.port, '2049-2049')
equal('the key', read.respond_to?(:secret_key), false)
proven('it reads back typed, and without its key')

found, pages = policies(ontap, api.ipsec_policy_collection_get(max_records: 7, order_by: ['name']))
equal('all', names(found), ['nfs-to-hosts'] + NAMES)
equal('pages', pages, ((PLANTED + 1) / 7.0).ceil)
proven("#{found.size} policies are listed over #{pages} pages")

some = api.ipsec_policy_collection_get(name: 'policy-000*|nfs-*', svm_name: '!svm2',
                                       fields: %w[name local_endpoint.port enabled]).records
equal('some', names(some).sort, ['nfs-to-hosts'] + NAMES.first(9))
equal('fields', some.map { |policy| [policy.enabled.nil?, policy.protocol] }.uniq, [[false, nil]])
proven('filters with operators find what matches, and only the fields asked for come')

backwards = api.ipsec_policy_collection_get(order_by: ['svm.name', 'name desc'], max_records: 100).records
equal('backwards', names(backwards), NAMES.reverse + ['nfs-to-hosts'])
count = api.ipsec_policy_collection_get(return_records: false)
equal('count', [count.num_records, count.records.to_a], [PLANTED + 1, []])
proven('the order can be chosen, and policies counted without being sent')

change = OntapIpsec::IpsecPolicyModify.new(enabled: false, remote_endpoint: endpoint(address: '203.0.113.0',
                                                                                     netmask: '26'))
api.ipsec_policy_modify(uuid, change)
now = api.ipsec_policy_get(uuid, fields: %w[enabled remote_endpoint])
equal('the change', [now.enabled, now.remote_endpoint.address], [false, '203.0.113.0'])
proven('it is changed, and reads back so')

range = OntapIpsec::IpsecPolicyModify.new(local_endpoint: endpoint(port: '1-2'))
equal('code', refused(400) { api.ipsec_policy_modify(uuid, range) }, CODES.fetch('port-range-unsupported'))
proven('a range of ports is refused with port-range-unsupported of the catalogue')

api.ipsec_policy_delete(uuid)
equal('code', refused(404) { api.ipsec_policy_get(uuid) }, '4')
proven('it is deleted, and is no longer found')

[false, true].each do |enabled|
  api.ipsec_modify(OntapIpsec::IpsecModify.new(enabled: enabled))
  equal('IPsec', api.ipsec_get.enabled, enabled)
end
proven('IPsec is switched off and on')

trust = OntapIpsec::IpsecCaCertificateCreate.new(
  certificate: OntapIpsec::CaCertificateReference.new(uuid: AUTHORITY), svm: svm
)
api.ipsec_ca_certificate_create(trust)
equal('scope', api.ipsec_ca_certificate_get(AUTHORITY).scope, 'svm')
trusted = api.ipsec_ca_certificate_collection_get(svm_name: 'svm1').records
equal('trusted', trusted.map { |record| record.certificate.uuid }, [AUTHORITY])
api.ipsec_ca_certificate_delete(AUTHORITY)
equal('code', refused(404) { api.ipsec_ca_certificate_get(AUTHORITY) }, '4')
proven('a CA certificate is trusted, read, listed and trusted no more')

between = OntapIpsec::IpsecPolicyCreate.new(
  name: 'host-to-host', svm: svm, secret_key: 'example-key-of-no-value',
  local_endpoint: endpoint(address: '192.0.2.10', netmask: '32'),
  remote_endpoint: endpoint(address: '198.51.100.7', netmask: '32')
)
api.ipsec_policy_create(between)
ike, ipsec = api.security_association_collection_get(policy_name: 'host-to-host', fields: ['**']).records
equal('associations', [ike.type, ike.ike.state, ipsec.type], %w[ike established ipsec])
same = api.security_association_get(ipsec.uuid)
equal('inbound', same.ipsec.inbound, ipsec.ipsec.inbound)
proven('a policy between two hosts has an association of IKE and one of IPsec, typed')

stranger = OntapIpsec::SecurityApi.new(client('wrong'))
equal('code', refused(401) { stranger.ipsec_policy_collection_get }, '6691623')
proven('a wrong password is refused with an error that a model can read')
