package account_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// Over TLS every cookie of the desk is bound to its host, and no browser comes without TLS again. Without TLS neither
// would work: a browser takes no such cookie.
func TestCookies_AreBoundToTheHostOverTLSAlone(t *testing.T) {
	hash, err := auth.Hash(webtest.Password)
	if err != nil {
		t.Fatal(err)
	}
	for secure, want := range map[bool]string{true: "__Host-", false: ""} {
		small := desktest.New(t)
		options := webtest.PrepareOptions(t, small)
		options.Secure = secure
		d := webtest.Serve(small, options)
		err := d.Store.Update(t.Context(), func(tx *store.Tx) error {
			o, err := tx.Operator(d.Jana.ID)
			o.PasswordHash, o.Preferences = hash, domain.Preferences{Theme: "dark"}
			if err != nil {
				return err
			}
			return tx.PutOperator(&o)
		})
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{"email": {d.Jana.Email}, "password": {webtest.Password}}
		r := httptest.NewRequest(http.MethodPost, "/signin", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		d.Server.Desk().ServeHTTP(w, r)
		cookies := w.Result().Cookies()
		if len(cookies) != 2 {
			t.Fatalf("over TLS %v: got %v, want the session and the theme", secure, cookies)
		}
		page := httptest.NewRequest(http.MethodGet, "/operators", nil)
		for _, c := range cookies {
			if rest, ok := strings.CutPrefix(c.Name, want+"pult_"); !ok || rest == "" || c.Secure != secure || c.Path != "/" || c.Domain != "" {
				t.Errorf("over TLS %v: got %v", secure, c)
			}
			page.AddCookie(c)
		}
		answer := httptest.NewRecorder()
		d.Server.Desk().ServeHTTP(answer, page)
		webtest.Contains(t, webtest.WantStatus(t, answer, http.StatusOK), []string{`data-theme="dark"`}, nil)
		if got := answer.Header().Get("Strict-Transport-Security"); (got == "max-age=31536000") != secure {
			t.Errorf("over TLS %v: Strict-Transport-Security is %q", secure, got)
		}
	}
}

// The listener that strangers reach has an address of its own, with TLS or without.
func TestPublicListener_AsksForTLSWhereItsAddressHasIt(t *testing.T) {
	for address, want := range map[string]string{"https://desk.example": "max-age=31536000", "http://desk.example": "", "": ""} {
		small := desktest.New(t)
		options := webtest.PrepareOptions(t, small)
		options.PublicURL = webtest.Origin(t, address)
		w := httptest.NewRecorder()
		webtest.Serve(small, options).Server.Public().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
		if got := w.Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("%q: got %q, want %q", address, got, want)
		}
	}
}
