package email

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/wire"
)

// xoauth2 signs in with an access token, as Google's and Microsoft's servers want it. When the token is refused the
// server explains why and waits for an empty answer before it says no: without it both would wait for ever.
type xoauth2 struct {
	user  string
	token string
}

func (x *xoauth2) Start() (mech string, ir []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// OAuth is what signing in without a password needs; all empty = not used.
type OAuth struct {
	TokenURL     string
	ClientID     string
	ClientSecret domain.Secret
	RefreshToken domain.Secret
}

// spare is how long before its end a token is renewed, so that it does not end between being got and being used.
const spare = time.Minute

// tokenTimeout is how long the vendor may take to give a token.
const tokenTimeout = 20 * time.Second

// tokens gets access tokens with the refresh token and keeps them as long as they hold.
type tokens struct {
	oauth  OAuth
	client *http.Client
	now    func() time.Time
	keep   func(domain.Secret)

	mu      sync.Mutex // guards what follows; held while asking, so that one question answers all who wait
	refresh domain.Secret
	token   string
	until   time.Time
	holds   time.Duration // for so long from when it was granted
}

func newTokens(o OAuth, client *http.Client, now func() time.Time, keep func(domain.Secret)) *tokens {
	return &tokens{oauth: o, client: wire.WithoutRedirects(client), now: now, keep: keep, refresh: o.RefreshToken}
}

// accessToken is a token that holds for at least a minute. Errors are *carrier.Error.
func (t *tokens) accessToken(ctx context.Context) (string, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token != "" && !domain.IsDue(t.until, t.now(), t.holds) {
		return t.token, nil
	}
	granted, err := t.requestToken(ctx)
	if err != nil {
		return "", err
	}
	t.holds = time.Duration(granted.ExpiresIn)*time.Second - spare
	t.token, t.until = granted.AccessToken, t.now().Add(t.holds)
	if next := domain.Secret(granted.RefreshToken); next != "" && next != t.refresh {
		t.refresh = next
		if t.keep != nil {
			t.keep(next)
		}
	}
	return t.token, nil
}

// grant is the vendor's answer.
type grant struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	RefreshToken string `json:"refresh_token"`
	Error        string `json:"error"`
}

func (t *tokens) requestToken(ctx context.Context) (grant, error) {
	ctx, cancel := context.WithTimeout(ctx, tokenTimeout)
	defer cancel()
	form := url.Values{
		"grant_type":    {"refresh_token"},
		"client_id":     {t.oauth.ClientID},
		"refresh_token": {t.refresh.Reveal()},
	}
	if t.oauth.ClientSecret != "" {
		form.Set("client_secret", t.oauth.ClientSecret.Reveal())
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.oauth.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return grant{}, &carrier.Error{Class: carrier.Permanent, Code: "OAUTH", Key: "provider.email.oauth_client"}
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := t.client.Do(r)
	if err != nil {
		return grant{}, wire.TransportError(err, false)
	}
	defer answer.Body.Close()
	var g grant
	if err := json.NewDecoder(io.LimitReader(answer.Body, 1<<20)).Decode(&g); err != nil && answer.StatusCode < 300 {
		return grant{}, &carrier.Error{
			Class: carrier.Temporary,
			Code:  "OAUTH",
			Key:   carrier.Temporary.Sentence(),
			Err:   err,
		}
	}
	if answer.StatusCode < 300 && g.AccessToken != "" {
		return g, nil
	}
	return grant{}, refusedGrant(answer.StatusCode, g.Error)
}

// refusedGrant says what an answer without a token means. The vendor's own explanation is not repeated: it may hold the
// token.
func refusedGrant(status int, code string) *carrier.Error {
	e := &carrier.Error{
		Class: carrier.Unauthorised,
		Code:  "OAUTH " + domain.Clip(code, 40),
		Key:   "provider.email.oauth_expired",
	}
	switch {
	case status == http.StatusTooManyRequests || status >= 500:
		e.Class, e.Key = carrier.Temporary, carrier.Temporary.Sentence()
	case code == "invalid_client" || code == "unauthorized_client":
		e.Key = "provider.email.oauth_client"
	}
	return e
}
