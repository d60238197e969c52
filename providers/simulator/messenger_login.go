package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// messengerGrant is what a person allowed an app in the dialog, behind a code or behind a token.
type messengerGrant struct {
	app       string
	redirect  string
	challenge string // of the code; "" = none was shown
	scopes    []string
	pages     []string
	long      bool // the token lives for weeks
	until     time.Time
}

// How long codes and tokens live.
const (
	messengerCodeLife  = 10 * time.Minute
	messengerShortLife = time.Hour
	messengerLongLife  = 60 * 24 * time.Hour
)

// messengerApp tells whether there is such an app, and its secret. An app belongs to every page that names it.
func (s *Simulator) messengerApp(id string) (secret string, ok bool) {
	for _, n := range s.Numbers() {
		if n.Vendor == Messenger && n.Account == id && id != "" {
			return n.AppSecret, true
		}
	}
	return "", false
}

var messengerDialogPage = template.Must(template.New("dialog").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>Log in with Facebook (simulated)</title>
<style>body{font:16px/1.5 system-ui,sans-serif;background:#f0f2f5;color:#1c1e21;margin:0;padding:2rem 1rem}main{max-width:30rem;margin:auto;background:#fff;border-radius:.75rem;padding:1.5rem;box-shadow:0 1px 4px #0003}h1{font-size:1.25rem}fieldset{border:1px solid #ccd0d5;border-radius:.5rem;margin:1rem 0}label{display:block;padding:.25rem 0}button{font:inherit;border:0;border-radius:.5rem;padding:.6rem 1.1rem;margin-right:.5rem}.go{background:#0b57d0;color:#fff}</style></head>
<body><main><h1>Pult would like to manage your pages</h1><p>This is the simulated Facebook: nobody signs in anywhere.</p>
<form method="post">{{range $name, $value := .Query}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
<fieldset><legend>Pages</legend>{{range .Pages}}<label><input type="checkbox" name="page" value="{{.ID}}" checked> {{.Name}}</label>{{else}}<p>You manage no page.</p>{{end}}</fieldset>
<fieldset><legend>Permissions</legend>{{range .Scopes}}<label><input type="checkbox" name="granted" value="{{.}}" checked> {{.}}</label>{{end}}</fieldset>
<p><button class="go" name="choice" value="continue">Continue as Zuzana Testová</button><button name="choice" value="cancel">Cancel</button></p></form></main></body></html>`))

// messengerDialog shows what the app asks for, to be allowed in part, in whole or not at all.
func (s *Simulator) messengerDialog(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if _, ok := s.messengerApp(q.Get("client_id")); !ok || q.Get("redirect_uri") == "" || q.Get("response_type") != "code" {
		http.Error(w, "Invalid App ID", http.StatusBadRequest)
		return
	}
	page := struct {
		Query  map[string]string
		Pages  []Number
		Scopes []string
	}{Query: map[string]string{}, Scopes: strings.Split(q.Get("scope"), ",")}
	for _, name := range []string{"client_id", "redirect_uri", "state", "code_challenge"} {
		page.Query[name] = q.Get(name)
	}
	for _, n := range s.Numbers() {
		if n.Vendor == Messenger && n.Account == q.Get("client_id") {
			page.Pages = append(page.Pages, n)
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = messengerDialogPage.Execute(w, page) // a caller that hung up is a caller's matter
}

// messengerConsent sends the browser back to the app.
func (s *Simulator) messengerConsent(w http.ResponseWriter, r *http.Request) {
	back, err := url.Parse(r.FormValue("redirect_uri"))
	if _, ok := s.messengerApp(r.FormValue("client_id")); err != nil || !ok {
		http.Error(w, "Invalid App ID", http.StatusBadRequest)
		return
	}
	q := back.Query()
	q.Set("state", r.FormValue("state"))
	if r.FormValue("choice") != "continue" {
		q.Set("error", "access_denied")
		q.Set("error_reason", "user_denied")
		q.Set("error_description", "Permissions error")
	} else {
		q.Set("code", s.messengerCode(r))
	}
	back.RawQuery = q.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

func (s *Simulator) messengerCode(r *http.Request) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := "AQ" + s.newID()
	s.grants[code] = messengerGrant{
		app: r.FormValue("client_id"), redirect: r.FormValue("redirect_uri"), challenge: r.FormValue("code_challenge"),
		scopes: slices.Clone(r.Form["granted"]), pages: slices.Clone(r.Form["page"]), until: s.clock.Now().Add(messengerCodeLife),
	}
	return code
}

// messengerAccessToken trades a code, once, for a token of some hours, and that for one of some weeks.
func (s *Simulator) messengerAccessToken(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	secret, ok := s.messengerApp(q.Get("client_id"))
	if !ok || q.Get("client_secret") != secret {
		messengerRefuse(w, 1, 0, "Error validating client secret.")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	given, life := q.Get("code"), messengerShortLife
	if q.Get("grant_type") == "fb_exchange_token" {
		given, life = q.Get("fb_exchange_token"), messengerLongLife
	}
	g, ok := s.grants[given]
	sum := sha256.Sum256([]byte(q.Get("code_verifier")))
	switch isCode := q.Get("code") != ""; {
	case !ok || g.app != q.Get("client_id") || s.clock.Now().After(g.until):
		messengerRefuse(w, 100, 36007, "This authorization code has expired or has been used.")
		return
	case isCode && g.redirect != q.Get("redirect_uri"):
		messengerRefuse(w, 100, 36008, "Error validating verification code. Please make sure your redirect_uri is identical")
		return
	case isCode && g.challenge != "" && g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		messengerRefuse(w, 100, 0, "Invalid code_verifier")
		return
	case isCode:
		delete(s.grants, given)
	}
	token := "EAAuser" + s.newID()
	g.challenge, g.long, g.until = "", life == messengerLongLife, s.clock.Now().Add(life)
	s.grants[token] = g
	answer(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "bearer", "expires_in": int(life / time.Second)})
}

// messengerAccounts lists the pages that the person chose. Without the permission to see them the list is empty, and nobody says why.
func (s *Simulator) messengerAccounts(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	g, ok := s.grants[bearer(r)]
	s.mu.Unlock()
	if !ok {
		messengerRefuse(w, 190, 0, "Invalid OAuth access token")
		return
	}
	list := []any{}
	for _, n := range s.Numbers() {
		if n.Vendor != Messenger || !slices.Contains(g.pages, n.ID) || !slices.Contains(g.scopes, "pages_show_list") {
			continue
		}
		list = append(list, map[string]any{
			"id": n.ID, "name": n.Name, "access_token": n.AccessToken, "category": "Shopping",
			"tasks": []string{"MODERATE", "MESSAGING", "MANAGE", "CREATE_CONTENT", "ADVERTISE", "ANALYZE"},
		})
	}
	s.page(w, r, list)
}

// messengerDebugToken tells an app what became of a token.
func (s *Simulator) messengerDebugToken(w http.ResponseWriter, r *http.Request) {
	app, secret, _ := strings.Cut(bearer(r), "|")
	if known, ok := s.messengerApp(app); !ok || secret != known {
		messengerRefuse(w, 190, 0, "Invalid OAuth access token")
		return
	}
	token := r.URL.Query().Get("input_token")
	data := map[string]any{"app_id": app, "is_valid": false, "expires_at": 0, "scopes": []string{}}
	s.mu.Lock()
	g, isPerson := s.grants[token]
	now := s.clock.Now()
	s.mu.Unlock()
	if isPerson {
		data["type"], data["is_valid"], data["scopes"], data["expires_at"] = "USER", true, g.scopes, g.until.Unix()
	}
	if n, ok := s.pageOf(token); ok {
		f := s.Faults(n.ID)
		data["type"], data["profile_id"], data["is_valid"] = "PAGE", n.ID, !f.TokenExpired
		data["scopes"] = []string{"pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"}
		data["data_access_expires_at"] = now.Add(90 * 24 * time.Hour).Unix()
		if f.TokenEnds > 0 {
			data["expires_at"] = now.Add(f.TokenEnds).Unix()
		}
	}
	answer(w, http.StatusOK, map[string]any{"data": data})
}
