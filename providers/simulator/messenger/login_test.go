package messenger_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"
)

// allow plays a person in the dialog and gives the code with which the browser comes back.
func (f *facebook) allow(granted ...string) string {
	f.t.Helper()
	challenge := sha256.Sum256([]byte("verifier"))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.PostForm(f.sim.URL()+"/v25.0/dialog/oauth", url.Values{
		"client_id": {fbApp}, "redirect_uri": {"http://desk/callback"}, "state": {"s"}, "choice": {"continue"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(challenge[:])}, "page": {fbPage}, "granted": granted,
	})
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil || back.Query().Get("state") != "s" {
		f.t.Fatalf("got %v, %v", back, err)
	}
	return back.Query().Get("code")
}

// trade asks for a token; pairs are names and values that differ from a good request.
func (f *facebook) trade(code string, pairs ...string) map[string]any {
	q := url.Values{
		"client_id": {fbApp}, "client_secret": {fbSecret}, "redirect_uri": {"http://desk/callback"}, "code": {code},
		"code_verifier": {"verifier"},
	}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return f.call("GET", "/v25.0/oauth/access_token?"+q.Encode(), "", "")
}

func TestLogin_CodeBecomesATokenOnce(t *testing.T) {
	f := newFacebook(t)
	c := f.allow("pages_show_list")
	for name, bad := range map[string][]string{
		"another app's secret": {"client_secret", "x"},
		"another address":      {"redirect_uri", "http://elsewhere/"},
		"another browser":      {"code_verifier", "x"},
	} {
		if got := f.trade(c, bad...); got["access_token"] != nil {
			t.Errorf("%s: got %v", name, got)
		}
	}
	token, _ := f.trade(c)["access_token"].(string)
	if token == "" {
		t.Fatal("no token")
	}
	if got := code(f.trade(c)); got != 100 {
		t.Errorf("the code works twice: got %v", got)
	}
	accounts := f.call("GET", "/v25.0/me/accounts", token, "")
	if list, _ := accounts["data"].([]any); len(list) != 1 || list[0].(map[string]any)["access_token"] != fbToken {
		t.Errorf("got %v, want the page with its token", accounts)
	}
	long := f.trade("", "grant_type", "fb_exchange_token", "fb_exchange_token", token)
	if seconds, _ := long["expires_in"].(float64); seconds != (60 * 24 * time.Hour).Seconds() {
		t.Errorf("got %v, want a token of sixty days", long)
	}
}

func TestLogin_CodesEndAndPermissionsCount(t *testing.T) {
	f := newFacebook(t)
	late := f.allow("pages_show_list")
	f.clock.Advance(11 * time.Minute)
	if got := code(f.trade(late)); got != 100 {
		t.Errorf("a late code: got %v, want 100", got)
	}
	token, _ := f.trade(f.allow("pages_messaging"))["access_token"].(string)
	accounts := f.call("GET", "/v25.0/me/accounts", token, "")
	if list, ok := accounts["data"].([]any); !ok || len(list) != 0 {
		t.Errorf("got %v, want an empty list", accounts)
	}
}
