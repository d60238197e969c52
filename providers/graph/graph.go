// Package graph is what Meta's products have in common: the Graph API over HTTP, its lists, uploads and files, the
// envelope of its errors, and the webhooks' signature, handshake and outside. What a product says in it, and what its
// codes mean, is the product's own driver's.
//
// What is told here comes from Meta's documentation of the Graph API and of Webhooks as read between November 2025 and
// August 2026.
package graph

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// What Config leaves empty becomes these.
const (
	DefaultBaseURL = "https://graph.facebook.com"
	DefaultVersion = "v25.0"
)

// answerLimit bounds an answer of the API in bytes; a page of a hundred templates or of conversations stays far below.
const answerLimit = 8 << 20

type text = wire.Text

// Config says where the API is and who asks it. Classify and BadVersion are required.
type Config struct {
	BaseURL string          // without the version; DefaultBaseURL when empty
	Version string          // DefaultVersion when empty
	Token   domain.Secret   // "" = requests without one, as in a sign-in
	Secrets []domain.Secret // besides the token: never repeated in what the vendor says
	// its transport is used; redirects and time limits are ours and the caller's
	HTTPClient *http.Client
	// what the product means by a fault in an answer with that HTTP status, 0 = in a webhook
	Classify   func(Fault, int) *carrier.Error
	BadVersion string // message key: the version is not of Meta's form
}

// API asks the Graph API with one token. It holds no state that changes and is safe for many callers.
type API struct {
	base     *url.URL
	version  string
	token    domain.Secret
	proof    string // that we know the app's secret; "" = none is shown
	client   *http.Client
	hidden   []domain.Secret
	redactor *strings.Replacer // stars out every secret
	classify func(Fault, int) *carrier.Error
}

// versionForm is how Meta writes versions of the Graph API.
var versionForm = regexp.MustCompile(`^v[0-9]{1,3}\.[0-9]$`)

// New checks where the API is said to be. The faults are those of base_url and version, for the driver to add its own;
// where there is one the API is of no use.
func New(cfg Config) (*API, domain.FieldErrors) {
	if cfg.BaseURL == "" {
		cfg.BaseURL = DefaultBaseURL
	}
	if cfg.Version == "" {
		cfg.Version = DefaultVersion
	}
	f := domain.FieldErrors{}
	base, err := url.Parse(strings.TrimRight(cfg.BaseURL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		f.Add("base_url", "error.field.url")
	}
	if !versionForm.MatchString(cfg.Version) {
		f.Add("version", cfg.BadVersion)
	}
	a := &API{
		base:     base,
		version:  cfg.Version,
		token:    cfg.Token,
		client:   wire.WithoutRedirects(cfg.HTTPClient),
		classify: cfg.Classify,
	}
	return a.WithSecrets(append([]domain.Secret{cfg.Token}, cfg.Secrets...)...), f
}

// WithToken is the same API asked with another token. No proof is shown: an app's own token needs none.
func (a *API) WithToken(token domain.Secret) *API {
	other := *a
	other.token, other.proof = token, ""
	return &other
}

// WithProof is the same API showing with every request that whoever holds the token also knows the app's secret. Apps
// may demand it; it does no harm to the others.
func (a *API) WithProof(secret domain.Secret) *API {
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(a.token.Reveal()))
	other := *a
	other.proof = hex.EncodeToString(mac.Sum(nil))
	return &other
}

// WithSecrets is the same API with more secrets that no error repeats.
func (a *API) WithSecrets(secrets ...domain.Secret) *API {
	other := *a
	other.hidden = append(append([]domain.Secret{}, a.hidden...), secrets...)
	other.redactor = wire.NewRedactor(other.hidden...)
	return &other
}

// Version is the API's version that is asked.
func (a *API) Version() string { return a.version }

// IsOwnHost reports whether an address is the API's own host.
func (a *API) IsOwnHost(u *url.URL) bool { return u.Host == a.base.Host && u.Scheme == a.base.Scheme }

// Redact stars every secret out of the vendor's words.
func (a *API) Redact(words string) string { return a.redactor.Replace(words) }

// request is one question to the API.
type request struct {
	method string
	path   []string // below the version
	query  url.Values
	body   func() (io.ReadCloser, error) // opened anew when the transport has to repeat an unsent request; nil = none
	length int64                         // of body; -1 = unknown
	mime   string
	sends  bool // puts a message on its way, so that an outcome can be uncertain
}

// Get reads what is at a path into out. Every error is a *carrier.Error.
func (a *API) Get(ctx context.Context, query url.Values, out any, path ...string) error {
	return a.doRequest(ctx, request{method: http.MethodGet, path: path, query: query}, out)
}

// Post sends JSON and reads the answer into out. sends says whether that puts a message on its way, so that an outcome
// can be uncertain. Every error is a *carrier.Error.
func (a *API) Post(ctx context.Context, sends bool, in, out any, path ...string) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return &carrier.Error{Class: carrier.InvalidValue, Key: carrier.InvalidValue.Sentence(), Err: err}
	}
	return a.doRequest(ctx, request{
		method: http.MethodPost, path: path, length: int64(len(raw)), mime: "application/json", sends: sends,
		body: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil },
	}, out)
}

func (a *API) doRequest(ctx context.Context, r request, out any) error {
	req, err := a.newRequest(ctx, r)
	if err != nil {
		return wire.TransportError(err, false)
	}
	return wire.Exchange{Client: a.client, Limit: answerLimit, ReadRefusal: a.ReadRefusal}.Do(req, r.sends, out)
}

func (a *API) newRequest(ctx context.Context, r request) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, r.method, a.requestURL(r), nil)
	if err != nil {
		return nil, err
	}
	if a.token != "" {
		a.addToken(req)
	}
	if r.body == nil {
		return req, nil
	}
	req.Header.Set("Content-Type", r.mime)
	req.ContentLength, req.GetBody = r.length, r.body
	req.Body, err = r.body()
	return req, err
}

// addToken shows the token. It never stands in the address: addresses end in logs.
func (a *API) addToken(req *http.Request) {
	req.Header.Set("Authorization", "Bearer "+a.token.Reveal())
}

func (a *API) requestURL(r request) string {
	path := []string{a.version}
	for _, part := range r.path {
		path = append(path, url.PathEscape(part)) // keeps an id from naming another path
	}
	u := a.base.JoinPath(path...)
	query := url.Values{}
	for name, values := range r.query {
		query[name] = values
	}
	if a.proof != "" {
		query.Set("appsecret_proof", a.proof)
	}
	u.RawQuery = query.Encode()
	return u.String()
}
