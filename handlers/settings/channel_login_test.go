package settings_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain/carrier"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

func loginForm(change ...string) url.Values {
	f := url.Values{"kind": {"messenger"}, "driver": {desktest.SocialDriver}, "f_app": {"42"}, "f_app_secret": {canary}}
	for i := 0; i+1 < len(change); i += 2 {
		f.Set(change[i], change[i+1])
	}
	return f
}

// returns sends the browser to the vendor and back with an answer, and gives the page it lands on.
func returns(t *testing.T, d *webtest.Desk, answer url.Values) string {
	t.Helper()
	w := d.Visit(d.Eva, "POST", "/settings/channels/login", loginForm(), true)
	at, err := url.Parse(w.Header().Get("HX-Redirect"))
	if err != nil || at.Host != "vendor.example" {
		t.Fatalf("got %d to %q, want the vendor", w.Code, w.Header().Get("HX-Redirect"))
	}
	answer.Set("state", at.Query().Get("state"))
	w = d.Visit(d.Eva, "GET", "/settings/channels/login/callback?"+answer.Encode(), nil, false)
	path := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(path, "/settings/channels/login/") || strings.Contains(path, "?") {
		t.Fatalf("got %d to %q, want the page of the sign-in without the answer in its address", w.Code, path)
	}
	return path
}

func TestLogin_FormSaysWhatIsAskedForBeforeAnybodyLeaves(t *testing.T) {
	d := office(t, "")
	holds(
		t,
		d.Visit(d.Eva, "GET", "/settings/channels/add/messenger", nil, false),
		200,
		`formaction="/settings/channels/login"`,
		"<code>write</code>",
		"<code>business</code>",
		"http://example.com/settings/channels/login/callback",
	)
	w := d.Visit(d.Eva, "POST", "/settings/channels/login", loginForm("f_app", ""), true)
	holds(t, w, 422, `id="fault-app"`)
	if w.Header().Get("HX-Redirect") != "" {
		t.Errorf("got sent to %q without an app", w.Header().Get("HX-Redirect"))
	}
}

// The page's policy lets no form lead to another site, so without script there is a link.
func TestLogin_WithoutScript_ALinkLeadsToTheVendor(t *testing.T) {
	d := office(t, "")
	holds(t, d.Visit(d.Eva, "POST", "/settings/channels/login", loginForm(), false), 200, `href="https://vendor.example/dialog?state=`)
}

func TestLogin_ChosenPageIsConnected(t *testing.T) {
	d := office(t, "")
	d.Social.Grants(carrier.LoginResult{Accounts: []carrier.LoginAccount{{
		ID:    "901",
		Name:  "Servis kol",
		Token: canary,
	}, {
		ID:      "902",
		Name:    "Kavárna",
		Missing: []string{"MESSAGING"},
	}}})
	path := returns(t, d, url.Values{"code": {"good"}})
	holds(t, d.Visit(d.Eva, "GET", path, nil, false), 200, "Servis kol", "Kavárna", "MESSAGING", `value="901"`)
	holds(t, d.Visit(d.Eva, "POST", path, url.Values{"account": {"902"}}, false), 422)
	w := d.Visit(d.Eva, "POST", path, url.Values{"account": {"901"}}, false)
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || !strings.HasSuffix(to, "?done=added") {
		t.Fatalf("got %d to %q: %s", w.Code, to, w.Body)
	}
	holds(t, d.Visit(d.Eva, "GET", w.Header().Get("Location"), nil, false), 200, "Servis kol", "channel-added")
	if w := d.Visit(d.Eva, "GET", path, nil, false); w.Code != http.StatusConflict {
		t.Errorf("the sign-in afterwards: got %d, want that it is over", w.Code)
	}
}

func TestLogin_CancelledAndShortCanBeTriedAgain(t *testing.T) {
	d := office(t, "")
	path := returns(t, d, url.Values{"error": {"access_denied"}})
	holds(t, d.Visit(d.Eva, "GET", path, nil, false), 200, `class="channel-note" role="alert"`, `action="`+path+`/again"`)
	d.Social.Grants(carrier.LoginResult{
		Missing:  []string{"write"},
		Accounts: []carrier.LoginAccount{{ID: "901", Name: "Servis kol", Token: canary}},
	})
	path = returns(t, d, url.Values{"code": {"good"}})
	w := d.Visit(d.Eva, "GET", path, nil, false)
	holds(t, w, 200, "<code>write</code>", `class="form-errors" role="alert"`)
	if strings.Contains(w.Body.String(), `name="account"`) {
		t.Error("a page can be chosen although what it needs was refused")
	}
	w = d.Visit(d.Eva, "POST", path+"/again", nil, true)
	if !strings.HasPrefix(w.Header().Get("HX-Redirect"), "https://vendor.example/") {
		t.Errorf("got %q, want the vendor", w.Header().Get("HX-Redirect"))
	}
}

func TestLogin_AgentsAreTurnedAway(t *testing.T) {
	d := office(t, "")
	for _, r := range []struct{ method, path string }{
		{"POST", "/settings/channels/login"}, {"GET", "/settings/channels/login/callback?state=x&code=y"},
		{"GET", "/settings/channels/login/" + d.NewID().String()}, {"POST", "/settings/channels/login/" + d.NewID().String()},
	} {
		if w := d.Visit(d.Jana, r.method, r.path, loginForm(), false); w.Code != http.StatusForbidden {
			t.Errorf("%s %s: got %d, want 403", r.method, r.path, w.Code)
		}
	}
}

func TestLogin_AnswerOfNobody_SaysThatItIsOver(t *testing.T) {
	d := office(t, "")
	if w := d.Visit(d.Eva, "GET", "/settings/channels/login/callback?state=guess&code=x", nil, false); w.Code != http.StatusConflict {
		t.Errorf("got %d, want 409", w.Code)
	}
}
