package messenger

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pult/providers/simulator/world"
)

//go:embed dialog.html
var dialogSource string

var dialogPage = template.Must(template.New("dialog").Parse(dialogSource))

// dialogView is what the dialog is drawn from.
type dialogView struct {
	Query  map[string]string
	Pages  []world.Number
	Scopes []string
}

// getDialog shows what the app asks for, to be allowed in part, in whole or not at all.
func (l *login) getDialog(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	pages := l.server.pagesOf(q.Get("client_id"))
	if len(pages) == 0 || q.Get("redirect_uri") == "" || q.Get("response_type") != "code" {
		http.Error(w, "Invalid App ID", http.StatusBadRequest)
		return
	}
	view := dialogView{Query: map[string]string{}, Pages: pages, Scopes: strings.Split(q.Get("scope"), ",")}
	for _, name := range []string{"client_id", "redirect_uri", "state", "code_challenge"} {
		view.Query[name] = q.Get(name)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = dialogPage.Execute(w, view) // a caller that hung up is a caller's matter
}

// postDialog sends the browser back to the app, with a code for what was allowed.
func (l *login) postDialog(w http.ResponseWriter, r *http.Request) {
	back, err := url.Parse(r.FormValue("redirect_uri"))
	if _, ok := l.server.appSecret(r.FormValue("client_id")); err != nil || !ok {
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
		q.Set("code", l.grantCode(r))
	}
	back.RawQuery = q.Encode()
	http.Redirect(w, r, back.String(), http.StatusSeeOther)
}

// grantCode makes a code for what a person allowed in the dialog.
func (l *login) grantCode(r *http.Request) string {
	code := "AQ" + l.newID()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.grants[code] = grant{
		app: r.FormValue("client_id"), redirect: r.FormValue("redirect_uri"), challenge: r.FormValue("code_challenge"),
		scopes: slices.Clone(r.Form["granted"]), pages: slices.Clone(r.Form["page"]),
		until: l.server.world.Clock.Now().Add(codeLife),
	}
	return code
}

func (l *login) newID() (id string) {
	l.server.world.Do(func(state *world.State) { id = state.NewID() })
	return id
}
