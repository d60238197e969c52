package messenger

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"pult/domain"
	"pult/providers"
)

// answerLimit bounds an answer of the API in bytes; a page of conversations stays far below.
const answerLimit = 8 << 20

// graph calls the Graph API with one token.
type graph struct {
	base    *url.URL
	version string
	token   domain.Secret
	proof   string // that we know the app's secret; "" = none is shown
	client  *http.Client
	safe    *strings.Replacer // stars out every secret
}

// as is the same API with another token. No proof is shown: an app's own token needs none.
func (g *graph) as(token domain.Secret) *graph {
	other := *g
	other.token, other.proof = token, ""
	return &other
}

// request is one call.
type request struct {
	method string
	path   []string // below the version
	query  url.Values
	body   func() (io.ReadCloser, error) // opened anew when the transport has to repeat an unsent request; nil = none
	length int64                         // of body; -1 = unknown
	mime   string
	sends  bool // puts a message on its way, so that an outcome can be uncertain
}

func (g *graph) get(ctx context.Context, query url.Values, out any, path ...string) error {
	return g.call(ctx, request{method: http.MethodGet, path: path, query: query}, out)
}

// post sends JSON.
func (g *graph) post(ctx context.Context, sends bool, in, out any, path ...string) error {
	raw, err := json.Marshal(in)
	if err != nil {
		return &providers.Error{Class: providers.InvalidValue, Key: providers.InvalidValue.Sentence(), Err: err}
	}
	return g.call(ctx, request{
		method: http.MethodPost, path: path, length: int64(len(raw)), mime: "application/json", sends: sends,
		body: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil },
	}, out)
}

// call makes the request and decodes the answer. Every error is a *providers.Error.
func (g *graph) call(ctx context.Context, r request, out any) error {
	var leaving providers.Leaving
	req, err := g.request(leaving.Watch(ctx), r)
	if err != nil {
		return providers.TransportError(err, false)
	}
	res, err := g.client.Do(req)
	if err != nil {
		return providers.TransportError(err, r.sends && leaving.May())
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerLimit))
	if err != nil && res.StatusCode < 300 {
		return providers.TransportError(err, r.sends)
	}
	if res.StatusCode >= 300 {
		return g.refusal(res, raw, r.sends)
	}
	if err := read(raw, out); err != nil {
		return providers.TransportError(fmt.Errorf("decode answer: %w", err), r.sends)
	}
	return nil
}

func (g *graph) request(ctx context.Context, r request) (*http.Request, error) {
	u := g.base.JoinPath(append([]string{g.version}, escaped(r.path)...)...)
	query := url.Values{}
	for name, values := range r.query {
		query[name] = values
	}
	if g.proof != "" {
		query.Set("appsecret_proof", g.proof)
	}
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if g.token != "" {
		// Never in the address: addresses end in logs.
		req.Header.Set("Authorization", "Bearer "+g.token.Reveal())
	}
	if r.body == nil {
		return req, nil
	}
	req.Header.Set("Content-Type", r.mime)
	req.ContentLength, req.GetBody = r.length, r.body
	req.Body, err = r.body()
	return req, err
}

// escaped keeps an id from naming another path.
func escaped(path []string) []string {
	out := make([]string, len(path))
	for i, p := range path {
		out[i] = url.PathEscape(p)
	}
	return out
}

// refusal turns an answer that is no success into an error.
func (g *graph) refusal(res *http.Response, raw []byte, sends bool) error {
	var body struct {
		Error *wireError `json:"error"`
	}
	var e *providers.Error
	if read(raw, &body) == nil && body.Error != nil && body.Error.Code != "" {
		e = g.vendorError(*body.Error, res.StatusCode)
	} else {
		e = bareError(res.StatusCode, sends)
	}
	if wait := providers.RetryAfter(res.Header); wait > 0 {
		e.RetryAfter = wait
	}
	return e
}
