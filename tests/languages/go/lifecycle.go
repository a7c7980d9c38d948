// A life of an IPsec policy, and what it needs, by the client that openapi-generator makes from the spec.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"example.net/lifecycle/ontap"
)

func proven(sentence string) {
	fmt.Println("proven:", sentence)
}

func equal(what string, found, expected any) {
	if !reflect.DeepEqual(found, expected) {
		log.Fatalf("%s: %v instead of %v", what, found, expected)
	}
}

// good is for what has to succeed.
func good(err error) {
	if err != nil {
		var failure *ontap.GenericOpenAPIError
		if errors.As(err, &failure) {
			log.Fatalf("%v: %s", err, failure.Body())
		}
		log.Fatal(err)
	}
}

// refused is for a call that has to fail, with this status and code; the generated error has the model of the body.
func refused(answer *http.Response, err error, status int, code string) {
	var failure *ontap.GenericOpenAPIError
	if !errors.As(err, &failure) {
		log.Fatalf("it was not refused, but: %v", err)
	}
	equal("status", answer.StatusCode, status)
	body, typed := failure.Model().(ontap.ErrorResponse)
	equal("a typed error", typed, true)
	if code != "" {
		equal("code", body.Error.GetCode(), code)
	}
	equal("a message", body.Error.GetMessage() != "", true)
}

// cluster is what a program needs of a cluster: the generated calls, and what its links are followed with.
type cluster struct {
	ontap *ontap.SecurityAPIService
	http  *http.Client
	url   *url.URL
}

func connect(client *http.Client, address string) cluster {
	root, err := url.Parse(address)
	good(err)
	configuration := ontap.NewConfiguration()
	configuration.Servers = ontap.ServerConfigurations{{URL: address + "/api"}}
	configuration.HTTPClient = client
	return cluster{ontap.NewAPIClient(configuration).SecurityAPI, client, root}
}

// account is the context of a call: the generated client looks there for the password.
func account(password string) context.Context {
	credentials := ontap.BasicAuth{UserName: os.Getenv("SIMULATOR_USER"), Password: password}
	return context.WithValue(context.Background(), ontap.ContextBasicAuth, credentials)
}

// list asks for all pages, and returns their policies and how many pages there were.
func (c cluster) list(ctx context.Context, query ontap.ApiIpsecPolicyCollectionGetRequest) ([]ontap.IpsecPolicy, int) {
	page, _, err := query.Execute()
	good(err)
	found, pages := page.Records, 1
	for page.Links != nil && page.Links.Next != nil {
		// The link starts at the root of the host, not at /api.
		next, err := c.url.Parse(page.Links.Next.GetHref())
		good(err)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, next.String(), nil)
		good(err)
		credentials := ctx.Value(ontap.ContextBasicAuth).(ontap.BasicAuth)
		request.SetBasicAuth(credentials.UserName, credentials.Password)
		answer, err := c.http.Do(request)
		good(err)
		equal("status", answer.StatusCode, http.StatusOK)
		page = ontap.NewIpsecPolicyResponse()
		good(json.NewDecoder(answer.Body).Decode(page))
		good(answer.Body.Close())
		found = append(found, page.Records...)
		pages++
	}
	return found, pages
}

func names(policies []ontap.IpsecPolicy) []string {
	var found []string
	for _, policy := range policies {
		found = append(found, policy.GetName())
	}
	return found
}

func endpoint(address, netmask string) *ontap.IpsecEndpoint {
	made := ontap.NewIpsecEndpoint()
	made.SetAddress(address)
	made.SetNetmask(netmask)
	return made
}

func live(c cluster, ctx context.Context, planted int) {
	var policies []string
	for number := 1; number <= planted; number++ {
		policies = append(policies, fmt.Sprintf("policy-%04d", number))
	}

	svm := ontap.NewSvmReference()
	svm.SetName("svm1")
	local := endpoint("192.0.2.10", "32")
	local.SetPort("2049")
	create := c.ontap.IpsecPolicyCreate(ctx).IpsecPolicyCreate(ontap.IpsecPolicyCreate{
		Name:                 ontap.PtrString("nfs-to-hosts"),
		Svm:                  svm,
		Action:               ontap.IPSECACTION_ESP_TRANSPORT.Ptr(),
		AuthenticationMethod: ontap.IPSECAUTHENTICATIONMETHOD_PSK.Ptr(),
		SecretKey:            ontap.PtrString("example-key-of-no-value"),
		Protocol:             ontap.PtrString("tcp"),
		LocalEndpoint:        local,
		RemoteEndpoint:       endpoint("198.51.100.0", "24"),
	})
	_, answer, err := create.Execute()
	good(err)
	equal("status", answer.StatusCode, http.StatusCreated)
	uuid := path.Base(answer.Header.Get("Location"))
	proven("a policy with a pre-shared key is made, and Location has its UUID")

	_, answer, err = create.Execute()
	refused(answer, err, http.StatusConflict, ontap.CodeDuplicatePolicyName)
	proven("a name that is taken is refused with duplicate-policy-name of the catalogue")

	read, _, err := c.ontap.IpsecPolicyGet(ctx, uuid).Execute()
	good(err)
	equal("name", read.GetName(), "nfs-to-hosts")
	equal("UUID", read.GetUuid(), uuid)
	equal("action", read.GetAction(), string(ontap.IPSECACTION_ESP_TRANSPORT))
	equal("scope", read.GetScope(), string(ontap.NETWORKSCOPE_SVM))
	equal("enabled", read.GetEnabled(), true)
	equal("port", read.LocalEndpoint.GetPort(), "2049-2049")
	proven("it reads back typed")

	every, pages := c.list(ctx, c.ontap.IpsecPolicyCollectionGet(ctx).MaxRecords(7).OrderBy([]string{"name"}))
	equal("names", names(every), append([]string{"nfs-to-hosts"}, policies...))
	equal("pages", pages, (planted+1+6)/7)
	proven(fmt.Sprintf("%d policies are listed over %d pages", len(every), pages))

	some, _ := c.list(ctx, c.ontap.IpsecPolicyCollectionGet(ctx).Name("policy-000*|nfs-*").SvmName("!svm2").
		Fields([]string{"name", "local_endpoint.port", "enabled"}))
	found := names(some)
	sort.Strings(found)
	equal("names", found, append([]string{"nfs-to-hosts"}, policies[:9]...))
	for _, policy := range some {
		equal("fields", policy.HasEnabled() && !policy.HasProtocol(), true)
	}
	proven("filters with operators find what matches, and only the fields asked for come")

	ordered, _ := c.list(ctx, c.ontap.IpsecPolicyCollectionGet(ctx).OrderBy([]string{"svm.name", "name desc"}))
	backwards := append([]string{"nfs-to-hosts"}, policies...)
	sort.Sort(sort.Reverse(sort.StringSlice(backwards)))
	equal("names", names(ordered), backwards)
	count, _, err := c.ontap.IpsecPolicyCollectionGet(ctx).ReturnRecords(false).Execute()
	good(err)
	equal("count", int(count.GetNumRecords()), planted+1)
	proven("the order can be chosen, and policies counted without being sent")

	answer, err = c.ontap.IpsecPolicyModify(ctx, uuid).IpsecPolicyModify(ontap.IpsecPolicyModify{
		Enabled:        ontap.PtrBool(false),
		RemoteEndpoint: endpoint("203.0.113.0", "26"),
	}).Execute()
	good(err)
	equal("status", answer.StatusCode, http.StatusOK)
	changed, _, err := c.ontap.IpsecPolicyGet(ctx, uuid).Fields([]string{"enabled", "remote_endpoint"}).Execute()
	good(err)
	equal("enabled", changed.HasEnabled() && !changed.GetEnabled(), true)
	equal("address", changed.RemoteEndpoint.GetAddress(), "203.0.113.0")
	equal("netmask", changed.RemoteEndpoint.GetNetmask(), "26")
	proven("it is changed, and reads back so")

	ports := ontap.NewIpsecEndpoint()
	ports.SetPort("1-2")
	answer, err = c.ontap.IpsecPolicyModify(ctx, uuid).
		IpsecPolicyModify(ontap.IpsecPolicyModify{LocalEndpoint: ports}).Execute()
	refused(answer, err, http.StatusBadRequest, ontap.CodePortRangeUnsupported)
	proven("a range of ports is refused with port-range-unsupported of the catalogue")

	_, err = c.ontap.IpsecPolicyDelete(ctx, uuid).Execute()
	good(err)
	_, answer, err = c.ontap.IpsecPolicyGet(ctx, uuid).Execute()
	refused(answer, err, http.StatusNotFound, "4")
	proven("it is deleted, and is no longer found")

	_, answer, err = c.ontap.IpsecPolicyCollectionGet(account("wrong")).Execute()
	refused(answer, err, http.StatusUnauthorized, "")
	proven("a wrong password is refused with a typed error")
}

func configure(c cluster, ctx context.Context) {
	modify := func(change ontap.IpsecModify) *ontap.Ipsec {
		_, err := c.ontap.IpsecModify(ctx).IpsecModify(change).Execute()
		good(err)
		read, _, err := c.ontap.IpsecGet(ctx).Execute()
		good(err)
		return read
	}
	equal("enabled", modify(ontap.IpsecModify{Enabled: ontap.PtrBool(false)}).GetEnabled(), false)
	equal("enabled", modify(ontap.IpsecModify{Enabled: ontap.PtrBool(true)}).GetEnabled(), true)
	equal("window", int(modify(ontap.IpsecModify{ReplayWindow: ontap.PtrInt32(512)}).GetReplayWindow()), 512)
	proven("IPsec is switched off and on, and the replay window changed")
}

func trust(c cluster, ctx context.Context, authority string) {
	svm := ontap.NewSvmReference()
	svm.SetName("svm1")
	create := func(uuid string) (*http.Response, error) {
		certificate := ontap.NewCaCertificateReference()
		certificate.SetUuid(uuid)
		body := ontap.IpsecCaCertificateCreate{Certificate: certificate, Svm: svm}
		_, answer, err := c.ontap.IpsecCaCertificateCreate(ctx).IpsecCaCertificateCreate(body).Execute()
		return answer, err
	}
	answer, err := create(authority)
	good(err)
	equal("status", answer.StatusCode, http.StatusCreated)
	read, _, err := c.ontap.IpsecCaCertificateGet(ctx, authority).Execute()
	good(err)
	equal("UUID", read.Certificate.GetUuid(), authority)
	equal("scope", read.GetScope(), string(ontap.NETWORKSCOPE_SVM))
	listed, _, err := c.ontap.IpsecCaCertificateCollectionGet(ctx).SvmName("svm1").Execute()
	good(err)
	equal("listed", len(listed.Records), 1)
	proven("a CA certificate is trusted, read and listed")

	answer, err = create("00000000-0000-0000-0000-000000000007")
	refused(answer, err, http.StatusBadRequest, ontap.CodeCaCertificateNotInstalled)
	_, err = c.ontap.IpsecCaCertificateDelete(ctx, authority).Execute()
	good(err)
	_, answer, err = c.ontap.IpsecCaCertificateGet(ctx, authority).Execute()
	refused(answer, err, http.StatusNotFound, "4")
	proven("one that is not installed is refused, and one is trusted no more")
}

func associate(c cluster, ctx context.Context) {
	svm := ontap.NewSvmReference()
	svm.SetName("svm1")
	made, _, err := c.ontap.IpsecPolicyCreate(ctx).ReturnRecords(true).IpsecPolicyCreate(ontap.IpsecPolicyCreate{
		Name:           ontap.PtrString("host-to-host"),
		Svm:            svm,
		SecretKey:      ontap.PtrString("example-key-of-no-value"),
		LocalEndpoint:  endpoint("192.0.2.10", "32"),
		RemoteEndpoint: endpoint("198.51.100.7", "32"),
	}).Execute()
	good(err)
	ofPolicy := func() []ontap.SecurityAssociation {
		page, _, err := c.ontap.SecurityAssociationCollectionGet(ctx).PolicyName("host-to-host").
			Fields([]string{"**"}).Execute()
		good(err)
		return page.Records
	}
	found := ofPolicy()
	equal("associations", len(found), 2)
	ike, ipsec := found[0], found[1]
	equal("type", ike.GetType(), string(ontap.SECURITYASSOCIATIONTYPE_IKE))
	equal("state", ike.Ike.GetState(), string(ontap.IKESTATE_ESTABLISHED))
	equal("authentication", ike.Ike.GetAuthentication(), string(ontap.IKEAUTHENTICATION_PSK))
	equal("type", ipsec.GetType(), string(ontap.SECURITYASSOCIATIONTYPE_IPSEC))
	equal("action", ipsec.Ipsec.GetAction(), string(ontap.IPSECACTION_ESP_TRANSPORT))
	equal("remote address", ipsec.GetRemoteAddress(), "198.51.100.7")
	alone, _, err := c.ontap.SecurityAssociationGet(ctx, ipsec.GetUuid()).Execute()
	good(err)
	equal("an index", alone.Ipsec.Inbound.GetSecurityParameterIndex() != "", true)
	equal("inbound", alone.Ipsec.Inbound, ipsec.Ipsec.Inbound)
	proven("a policy between two hosts has an association of IKE and one of IPsec, typed")

	_, err = c.ontap.IpsecPolicyDelete(ctx, made.Records[0].GetUuid()).Execute()
	good(err)
	equal("left", len(ofPolicy()), 0)
	proven("they go with their policy")
}

// answering is a server that has one answer to all, for what the simulator does not say.
func answering(status int, mediaType, body string) (cluster, func()) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		answer.Header().Set("Content-Type", mediaType)
		answer.WriteHeader(status)
		_, err := io.WriteString(answer, body)
		good(err)
	}))
	return connect(server.Client(), server.URL), server.Close
}

func strangeAnswers(ctx context.Context) {
	newer, done := answering(http.StatusOK, "application/json", `{"records": [
		{"action": "esp_tunnel", "scope": null, "weight": 3, "name": null, "local_endpoint": {"family": "ipv8"}}
	]}`)
	defer done()
	page, _, err := newer.ontap.IpsecPolicyCollectionGet(ctx).Execute()
	good(err)
	policy := page.Records[0]
	equal("action", policy.GetAction(), "esp_tunnel")
	equal("family", policy.LocalEndpoint.GetFamily(), "ipv8")
	equal("null", policy.HasName() && policy.Name.Get() == nil && policy.HasScope() && policy.Scope.Get() == nil, true)
	equal("absent", policy.HasUuid(), false)
	proven("values and fields of a newer ONTAP, and nulls, are read; null is not taken for absent")

	proxy, done := answering(http.StatusBadGateway, "text/html", "<h1>no cluster</h1>")
	defer done()
	_, answer, err := proxy.ontap.IpsecPolicyCollectionGet(ctx).Execute()
	var failure *ontap.GenericOpenAPIError
	equal("an error", errors.As(err, &failure), true)
	equal("status", answer.StatusCode, http.StatusBadGateway)
	equal("model", failure.Model(), nil)
	equal("body", strings.Contains(string(failure.Body()), "no cluster"), true)
	proven("what a proxy says instead of ONTAP is an error with its text")

	silent, done := answering(http.StatusCreated, "application/json", "")
	defer done()
	_, _, err = silent.ontap.IpsecPolicyCreate(ctx).IpsecPolicyCreate(*ontap.NewIpsecPolicyCreate()).Execute()
	good(err)
	proven("an empty answer to a create is no error")
}

func main() {
	log.SetFlags(0)
	planted, err := strconv.Atoi(os.Getenv("SIMULATOR_POLICIES"))
	good(err)
	authority, err := os.ReadFile(os.Getenv("SIMULATOR_CA"))
	good(err)
	trusted := x509.NewCertPool()
	equal("a CA", trusted.AppendCertsFromPEM(authority), true)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}

	ctx := account(os.Getenv("SIMULATOR_PASSWORD"))
	simulator := connect(client, os.Getenv("SIMULATOR_URL"))
	live(simulator, ctx, planted)
	configure(simulator, ctx)
	trust(simulator, ctx, os.Getenv("SIMULATOR_AUTHORITY"))
	associate(simulator, ctx)
	strangeAnswers(ctx)
}
