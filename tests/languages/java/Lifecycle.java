// A life of an IPsec policy, and what it needs, by the client that openapi-generator makes from the spec.
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import ontap.ApiClient;
import ontap.ApiException;
import ontap.ErrorCode;
import ontap.api.SecurityApi;
import ontap.api.SecurityApi.APIIpsecCaCertificateCollectionGetRequest;
import ontap.api.SecurityApi.APIIpsecCaCertificateCreateRequest;
import ontap.api.SecurityApi.APIIpsecCaCertificateDeleteRequest;
import ontap.api.SecurityApi.APIIpsecCaCertificateGetRequest;
import ontap.api.SecurityApi.APIIpsecGetRequest;
import ontap.api.SecurityApi.APIIpsecModifyRequest;
import ontap.api.SecurityApi.APIIpsecPolicyCollectionGetRequest;
import ontap.api.SecurityApi.APIIpsecPolicyCreateRequest;
import ontap.api.SecurityApi.APIIpsecPolicyDeleteRequest;
import ontap.api.SecurityApi.APIIpsecPolicyGetRequest;
import ontap.api.SecurityApi.APIIpsecPolicyModifyRequest;
import ontap.api.SecurityApi.APISecurityAssociationCollectionGetRequest;
import ontap.api.SecurityApi.APISecurityAssociationGetRequest;
import ontap.model.CaCertificateReference;
import ontap.model.ErrorResponse;
import ontap.model.IkeAuthentication;
import ontap.model.IkeState;
import ontap.model.IpsecAction;
import ontap.model.IpsecAuthenticationMethod;
import ontap.model.IpsecCaCertificateCreate;
import ontap.model.IpsecEndpoint;
import ontap.model.IpsecModify;
import ontap.model.IpsecPolicy;
import ontap.model.IpsecPolicyCreate;
import ontap.model.IpsecPolicyModify;
import ontap.model.IpsecPolicyResponse;
import ontap.model.NetworkScope;
import ontap.model.SecurityAssociation;
import ontap.model.SecurityAssociationType;
import ontap.model.SvmReference;

class Lifecycle {
    private static final String URL = System.getenv("SIMULATOR_URL");
    private static final int PLANTED = Integer.parseInt(System.getenv("SIMULATOR_POLICIES"));
    private static final UUID AUTHORITY = UUID.fromString(System.getenv("SIMULATOR_AUTHORITY"));
    private static final List<String> NAMES =
        IntStream.rangeClosed(1, PLANTED).mapToObj(number -> String.format("policy-%04d", number)).toList();

    private final HttpClient.Builder http;
    private final String authorization;
    private final ObjectMapper json;
    private final SecurityApi ontap;

    private Lifecycle(SSLContext trust, String password) {
        var account = System.getenv("SIMULATOR_USER") + ":" + password;
        authorization = "Basic " + Base64.getEncoder().encodeToString(account.getBytes());
        http = HttpClient.newBuilder().sslContext(trust);
        var client = new ApiClient();
        client.updateBaseUri(URL + "/api");
        client.setHttpClientBuilder(http);
        client.setRequestInterceptor(request -> request.header("Authorization", authorization));
        json = client.getObjectMapper();
        ontap = new SecurityApi(client);
    }

    private interface Call {
        void make() throws ApiException;
    }

    private static void proven(String sentence) {
        System.out.println("proven: " + sentence);
    }

    private static void equal(String what, Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new AssertionError(what + ": " + found + " instead of " + expected);
        }
    }

    /** Calls, and expects to be refused; the generated exception has the body as text, and a model can read it. */
    private void refused(int status, String code, Call call) throws Exception {
        try {
            call.make();
        } catch (ApiException refusal) {
            equal("status", refusal.getCode(), status);
            var error = json.readValue(refusal.getResponseBody(), ErrorResponse.class).getError();
            if (code != null) {
                equal("code", error.getCode(), code);
            }
            equal("a message", error.getMessage().isBlank(), false);
            return;
        }
        throw new AssertionError("it was not refused");
    }

    private record Listed(List<IpsecPolicy> policies, int pages) {
        List<String> names() {
            return policies.stream().map(IpsecPolicy::getName).toList();
        }
    }

    private Listed list(APIIpsecPolicyCollectionGetRequest query) throws Exception {
        var page = ontap.ipsecPolicyCollectionGet(query);
        var found = new ArrayList<>(page.getRecords());
        var pages = 1;
        while (page.getLinks() != null && page.getLinks().getNext() != null) {
            // The link starts at the root of the host, not at /api.
            var next = URI.create(URL).resolve(page.getLinks().getNext().getHref());
            var request = HttpRequest.newBuilder(next).header("Authorization", authorization).build();
            var answer = http.build().send(request, HttpResponse.BodyHandlers.ofString());
            equal("status", answer.statusCode(), 200);
            page = json.readValue(answer.body(), IpsecPolicyResponse.class);
            found.addAll(page.getRecords());
            pages++;
        }
        return new Listed(found, pages);
    }

    private static APIIpsecPolicyCollectionGetRequest.Builder query() {
        return APIIpsecPolicyCollectionGetRequest.newBuilder();
    }

    private IpsecPolicy read(UUID uuid, String... fields) throws ApiException {
        var request = APIIpsecPolicyGetRequest.newBuilder().uuid(uuid);
        return ontap.ipsecPolicyGet((fields.length == 0 ? request : request.fields(Arrays.asList(fields))).build());
    }

    private void modify(UUID uuid, IpsecPolicyModify change) throws ApiException {
        ontap.ipsecPolicyModify(
            APIIpsecPolicyModifyRequest.newBuilder().uuid(uuid).ipsecPolicyModify(change).build());
    }

    private void live() throws Exception {
        var policy = new IpsecPolicyCreate()
            .name("nfs-to-hosts")
            .svm(new SvmReference().name("svm1"))
            .action(IpsecAction.ESP_TRANSPORT)
            .authenticationMethod(IpsecAuthenticationMethod.PSK)
            .secretKey("example-key-of-no-value")
            .protocol("tcp")
            .localEndpoint(new IpsecEndpoint().address("192.0.2.10").netmask("32").port("2049"))
            .remoteEndpoint(new IpsecEndpoint().address("198.51.100.0").netmask("24"));
        var create = APIIpsecPolicyCreateRequest.newBuilder().ipsecPolicyCreate(policy).build();
        var made = ontap.ipsecPolicyCreateWithHttpInfo(create);
        equal("status", made.getStatusCode(), 201);
        var location = made.getHeaders().entrySet().stream()
            .filter(header -> header.getKey().equalsIgnoreCase("Location")).findAny().orElseThrow().getValue().get(0);
        var uuid = UUID.fromString(location.substring(location.lastIndexOf('/') + 1));
        proven("a policy with a pre-shared key is made, and Location has its UUID");

        refused(409, ErrorCode.DUPLICATE_POLICY_NAME.code, () -> ontap.ipsecPolicyCreate(create));
        proven("a name that is taken is refused with duplicate-policy-name of the catalogue");

        var read = read(uuid);
        equal("name", read.getName(), "nfs-to-hosts");
        equal("UUID", read.getUuid(), uuid);
        equal("action", read.getAction(), IpsecAction.ESP_TRANSPORT);
        equal("scope", read.getScope(), NetworkScope.SVM);
        equal("enabled", read.getEnabled(), true);
        equal("port", read.getLocalEndpoint().getPort(), "2049-2049");
        proven("it reads back typed");

        var every = list(query().maxRecords(7).orderBy(List.of("name")).build());
        equal("names", every.names(), Stream.concat(Stream.of("nfs-to-hosts"), NAMES.stream()).toList());
        equal("pages", every.pages(), (PLANTED + 1 + 6) / 7);
        proven(every.policies().size() + " policies are listed over " + every.pages() + " pages");

        var some = list(query().name("policy-000*|nfs-*").svmName("!svm2")
            .fields(List.of("name", "local_endpoint.port", "enabled")).build());
        equal("names", some.names().stream().sorted().toList(),
            Stream.concat(Stream.of("nfs-to-hosts"), NAMES.stream().limit(9)).toList());
        for (var one : some.policies()) {
            equal("fields", one.getEnabled() != null && one.getProtocol() == null, true);
        }
        proven("filters with operators find what matches, and only the fields asked for come");

        var backwards = new ArrayList<>(NAMES);
        Collections.reverse(backwards);
        backwards.add("nfs-to-hosts");
        equal("names", list(query().orderBy(List.of("svm.name", "name desc")).maxRecords(100).build()).names(), backwards);
        equal("count", ontap.ipsecPolicyCollectionGet(query().returnRecords(false).build()).getNumRecords(), PLANTED + 1);
        proven("the order can be chosen, and policies counted without being sent");

        modify(uuid, new IpsecPolicyModify().enabled(false)
            .remoteEndpoint(new IpsecEndpoint().address("203.0.113.0").netmask("26")));
        var changed = read(uuid, "enabled", "remote_endpoint");
        equal("enabled", changed.getEnabled(), false);
        equal("address", changed.getRemoteEndpoint().getAddress(), "203.0.113.0");
        equal("netmask", changed.getRemoteEndpoint().getNetmask(), "26");
        proven("it is changed, and reads back so");

        var ports = new IpsecPolicyModify().localEndpoint(new IpsecEndpoint().port("1-2"));
        refused(400, ErrorCode.PORT_RANGE_UNSUPPORTED.code, () -> modify(uuid, ports));
        proven("a range of ports is refused with port-range-unsupported of the catalogue");

        ontap.ipsecPolicyDelete(APIIpsecPolicyDeleteRequest.newBuilder().uuid(uuid).build());
        refused(404, "4", () -> read(uuid));
        proven("it is deleted, and is no longer found");

        var newer = json.readValue("{\"action\":\"esp_tunnel\",\"scope\":null,\"weight\":3,\"name\":null}", IpsecPolicy.class);
        equal("action", newer.getAction(), IpsecAction.UNKNOWN_DEFAULT_OPEN_API);
        equal("name", newer.getName(), null);
        proven("values and fields of a newer ONTAP, and nulls, are read");
    }

    private void modify(IpsecModify change) throws ApiException {
        ontap.ipsecModify(APIIpsecModifyRequest.newBuilder().ipsecModify(change).build());
    }

    private void configure() throws ApiException {
        var get = APIIpsecGetRequest.newBuilder().build();
        for (var enabled : List.of(false, true)) {
            modify(new IpsecModify().enabled(enabled));
            equal("enabled", ontap.ipsecGet(get).getEnabled(), enabled);
        }
        modify(new IpsecModify().replayWindow(IpsecModify.ReplayWindowEnum.NUMBER_512));
        equal("window", ontap.ipsecGet(get).getReplayWindow(), 512);
        proven("IPsec is switched off and on, and the replay window changed");
    }

    private static APIIpsecCaCertificateCreateRequest trust(UUID uuid) {
        var certificate = new CaCertificateReference().uuid(uuid.toString());
        var body = new IpsecCaCertificateCreate().certificate(certificate).svm(new SvmReference().name("svm1"));
        return APIIpsecCaCertificateCreateRequest.newBuilder().ipsecCaCertificateCreate(body).build();
    }

    private void trust() throws Exception {
        equal("status", ontap.ipsecCaCertificateCreateWithHttpInfo(trust(AUTHORITY)).getStatusCode(), 201);
        var get = APIIpsecCaCertificateGetRequest.newBuilder().certificateUuid(AUTHORITY).build();
        var read = ontap.ipsecCaCertificateGet(get);
        equal("UUID", read.getCertificate().getUuid(), AUTHORITY.toString());
        equal("scope", read.getScope(), NetworkScope.SVM);
        var query = APIIpsecCaCertificateCollectionGetRequest.newBuilder().svmName("svm1").build();
        equal("listed", ontap.ipsecCaCertificateCollectionGet(query).getNumRecords(), 1);
        proven("a CA certificate is trusted, read and listed");

        var missing = trust(new UUID(0, 7));
        refused(400, ErrorCode.CA_CERTIFICATE_NOT_INSTALLED.code, () -> ontap.ipsecCaCertificateCreate(missing));
        ontap.ipsecCaCertificateDelete(
            APIIpsecCaCertificateDeleteRequest.newBuilder().certificateUuid(AUTHORITY).build());
        refused(404, "4", () -> ontap.ipsecCaCertificateGet(get));
        proven("one that is not installed is refused, and one is trusted no more");
    }

    private List<SecurityAssociation> ofPolicy() throws ApiException {
        return ontap.securityAssociationCollectionGet(APISecurityAssociationCollectionGetRequest.newBuilder()
            .policyName("host-to-host").fields(List.of("**")).build()).getRecords();
    }

    private void associate() throws Exception {
        var policy = new IpsecPolicyCreate()
            .name("host-to-host")
            .svm(new SvmReference().name("svm1"))
            .secretKey("example-key-of-no-value")
            .localEndpoint(new IpsecEndpoint().address("192.0.2.10").netmask("32"))
            .remoteEndpoint(new IpsecEndpoint().address("198.51.100.7").netmask("32"));
        var made = ontap.ipsecPolicyCreate(
            APIIpsecPolicyCreateRequest.newBuilder().ipsecPolicyCreate(policy).returnRecords(true).build());
        var found = ofPolicy();
        equal("types", found.stream().map(SecurityAssociation::getType).toList(),
            List.of(SecurityAssociationType.IKE, SecurityAssociationType.IPSEC));
        var ike = found.get(0).getIke();
        equal("state", ike.getState(), IkeState.ESTABLISHED);
        equal("authentication", ike.getAuthentication(), IkeAuthentication.PSK);
        var ipsec = found.get(1);
        equal("action", ipsec.getIpsec().getAction(), IpsecAction.ESP_TRANSPORT);
        equal("remote address", ipsec.getRemoteAddress(), "198.51.100.7");
        var alone = ontap.securityAssociationGet(
            APISecurityAssociationGetRequest.newBuilder().uuid(ipsec.getUuid()).build());
        equal("index", alone.getIpsec().getInbound().getSecurityParameterIndex().isBlank(), false);
        equal("inbound", alone.getIpsec().getInbound(), ipsec.getIpsec().getInbound());
        proven("a policy between two hosts has an association of IKE and one of IPsec, typed");

        var uuid = made.getRecords().get(0).getUuid();
        ontap.ipsecPolicyDelete(APIIpsecPolicyDeleteRequest.newBuilder().uuid(uuid).build());
        equal("left", ofPolicy(), List.of());
        proven("they go with their policy");
    }

    public static void main(String[] none) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (var file = new FileInputStream(System.getenv("SIMULATOR_CA"))) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        var trust = SSLContext.getInstance("TLS");
        trust.init(null, managers.getTrustManagers(), null);

        var authorized = new Lifecycle(trust, System.getenv("SIMULATOR_PASSWORD"));
        authorized.live();
        authorized.configure();
        authorized.trust();
        authorized.associate();
        var stranger = new Lifecycle(trust, "wrong");
        stranger.refused(401, null, () -> stranger.ontap.ipsecPolicyCollectionGet(query().build()));
        proven("a wrong password is refused with an error that a model can read");
    }
}
