package graph_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/graph"
	"pult/providers/wire"
)

const token, secret = "EAAGtoken", "app-secret"

// classifyPlainly is a product whose words are the fault's own.
func classifyPlainly(f graph.Fault, status int) *carrier.Error {
	m := graph.FaultTable{Find: func(code, _ int) (wire.Meaning, bool) {
		return wire.Meaning{Class: carrier.Unreachable, Key: "product.gone"}, code == 551
	}, Rights: "product.rights"}.Lookup(f, status)
	return &carrier.Error{Class: m.Class, Code: string(f.Code), Key: m.Sentence(), Detail: string(f.Message)}
}

// newAPI asks a server that answers by fn.
func newAPI(t *testing.T, fn http.HandlerFunc) (*graph.API, string) {
	t.Helper()
	server := httptest.NewServer(fn)
	t.Cleanup(server.Close)
	api, faults := graph.New(graph.Config{
		BaseURL:    server.URL,
		Token:      token,
		Secrets:    []domain.Secret{secret},
		HTTPClient: server.Client(),
		Classify:   classifyPlainly,
		BadVersion: "bad",
	})
	if err := faults.Err(); err != nil {
		t.Fatal(err)
	}
	return api, server.URL
}

func TestNew_NamesWhatIsWrongWithThePlace(t *testing.T) {
	_, faults := graph.New(graph.Config{BaseURL: "ftp://x", Version: "../v25.0", Classify: classifyPlainly, BadVersion: "product.version"})
	if faults["base_url"] == "" || faults["version"] != "product.version" {
		t.Errorf("got %v, want faults of base_url and version", faults)
	}
}

func TestGet_TokenAndProofNeverMixUp(t *testing.T) {
	var got *http.Request
	api, _ := newAPI(t, func(_ http.ResponseWriter, r *http.Request) { got = r })
	read := func(a *graph.API) {
		var out struct{}
		// an empty answer is no JSON; what counts is what was asked
		_ = a.Get(context.Background(), nil, &out, "a/b", "c")
	}
	read(api.WithProof(secret))
	if want := "Bearer " + token; got.Header.Get("Authorization") != want || len(got.URL.Query().Get("appsecret_proof")) != 64 {
		t.Errorf("got %q and %s, want the token in the header and a proof", got.Header.Get("Authorization"), got.URL)
	}
	if want := "/" + graph.DefaultVersion + "/a%2Fb/c"; got.URL.EscapedPath() != want {
		t.Errorf("got %s, want %s", got.URL.EscapedPath(), want)
	}
	read(api.WithProof(secret).WithToken("other"))
	if got.Header.Get("Authorization") != "Bearer other" || got.URL.RawQuery != "" {
		t.Errorf("got %q and %s, want the other token without a proof", got.Header.Get("Authorization"), got.URL)
	}
}

func TestGet_FaultsAreExplainedWithoutSecrets(t *testing.T) {
	body, status := "", http.StatusBadRequest
	api, _ := newAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
	for _, c := range []struct {
		body      string
		status    int
		class     carrier.Class
		code, key string
	}{
		{`{"error":{"code":551,"message":"x ` + token + ` ` + secret + `"}}`, 400, carrier.Unreachable, "551", "product.gone"},
		{`{"error":{"code":551}}`, 429, carrier.RateLimited, "551", "product.gone"},
		{`{"error":{"code":"294"}}`, 400, carrier.Unauthorised, "294", "product.rights"},
		{`{"error":{"code":7,"is_transient":"true"}}`, 400, carrier.Temporary, "7", "provider.temporary"},
		{`{"error":{"code":7}}`, 401, carrier.Unauthorised, "7", "provider.unauthorised"},
		{`{"error":{"code":7}}`, 500, carrier.Permanent, "7", "provider.permanent"},
		{`<html>`, 502, carrier.Temporary, "HTTP 502", "provider.temporary"},
	} {
		body, status = c.body, c.status
		var out struct{}
		var e *carrier.Error
		if err := api.Get(context.Background(), nil, &out, "me"); !errors.As(err, &e) {
			t.Fatalf("%s: got %v, want a *carrier.Error", c.body, err)
		}
		if e.Class != c.class || e.Code != c.code || e.Key != c.key {
			t.Errorf("%d %s: got %s %s %s, want %s %s %s", c.status, c.body, e.Class, e.Code, e.Key, c.class, c.code, c.key)
		}
		if strings.Contains(e.Error(), token) || strings.Contains(e.Error(), secret) {
			t.Errorf("got %q, which tells a secret", e.Error())
		}
	}
}

func TestList_GoesOnWhileThereIsMoreAndSomebodyAsks(t *testing.T) {
	var asked []string
	api, _ := newAPI(t, func(w http.ResponseWriter, r *http.Request) {
		after := r.URL.Query().Get("after")
		asked = append(asked, after)
		pages := map[string]string{
			"":   `{"data":[1,2],"paging":{"next":"https://elsewhere.example/","cursors":{"after":"p2"}}}`,
			"p2": `{"data":[3],"paging":{"cursors":{"after":"p3"}}}`,
		}
		_, _ = io.WriteString(w, pages[after])
	})
	read := func(most int) (got []int) {
		query := url.Values{"limit": {"2"}}
		for n, err := range graph.List[int](context.Background(), api, query, "things") {
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, n); len(got) == most {
				break
			}
		}
		if query.Has("after") {
			t.Error("got the caller's query changed")
		}
		return got
	}
	if got := read(9); !slices.Equal(got, []int{1, 2, 3}) || !slices.Equal(asked, []string{"", "p2"}) {
		t.Errorf("got %v by asking %q, want all three by two questions", got, asked)
	}
	asked = nil
	if got := read(1); !slices.Equal(got, []int{1}) || len(asked) != 1 {
		t.Errorf("got %v by asking %q, want the first by one question", got, asked)
	}
}

func TestOpen_TokenGoesToTrustedHostsOnly(t *testing.T) {
	strange := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "" {
			t.Errorf("got %q at a strange host, want no token", got)
		}
	}))
	defer strange.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer "+token {
			t.Errorf("got %q, want the token", got)
		}
		http.Redirect(w, r, strange.URL, http.StatusFound)
	}))
	defer server.Close()
	api, _ := graph.New(graph.Config{
		BaseURL:    server.URL,
		Token:      token,
		HTTPClient: strange.Client(),
		Classify:   classifyPlainly,
		BadVersion: "bad",
	})
	res, err := api.Open(context.Background(), server.URL+"/file", api.IsOwnHost)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("got %v, %v, want the file", res, err)
	}
	res.Body.Close()
}

func TestOpen_RefusesWhatIsNoHTTPSAddress(t *testing.T) {
	api, _ := newAPI(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) })
	for _, address := range []string{"", "file:///etc/passwd", "http://elsewhere.example/file", "https://"} {
		if _, err := api.Open(context.Background(), address, nil); !errors.Is(err, graph.ErrAddress) {
			t.Errorf("%q: got %v, want ErrAddress", address, err)
		}
	}
}

func TestOpen_EndlessRedirectsEnd(t *testing.T) {
	api, base := newAPI(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.String(), http.StatusFound) })
	var e *carrier.Error
	if _, err := api.Open(context.Background(), base, nil); !errors.As(err, &e) || e.Class != carrier.Permanent {
		t.Errorf("got %v, want a permanent failure", err)
	}
}
