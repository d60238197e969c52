package messenger

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"pult/providers/simulator/world"
)

// grant is what a person allowed an app in the dialog, behind a code or behind a token.
type grant struct {
	app       string
	redirect  string
	challenge string // of the code; "" = none was shown
	scopes    []string
	pages     []string
	until     time.Time
}

// login is signing in with Facebook, and what came of it. It is safe for many callers.
type login struct {
	server *Server

	mu     sync.Mutex       // never held together with the world's lock
	grants map[string]grant // by code or token
}

// How long codes and tokens live.
const (
	codeLife       = 10 * time.Minute
	shortLife      = time.Hour
	longLife       = 60 * 24 * time.Hour
	dataAccessLife = 90 * 24 * time.Hour
)

// getAccessToken trades a code, once, for a token of some hours, and that for one of some weeks.
func (l *login) getAccessToken(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	secret, ok := l.server.appSecret(q.Get("client_id"))
	if !ok || q.Get("client_secret") != secret {
		answerRefusal(w, refusal{1, 0, "Error validating client secret."})
		return
	}
	token, life := "EAAuser"+l.newID(), shortLife
	var bad *refusal
	if q.Get("grant_type") == "fb_exchange_token" {
		life = longLife
		bad = l.tradeGrant(q.Get("fb_exchange_token"), token, life, q)
	} else {
		bad = l.tradeCode(q.Get("code"), token, life, q)
	}
	if bad != nil {
		answerRefusal(w, *bad)
		return
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "bearer", "expires_in": int(life / time.Second),
	})
}

// tradeGrant gives a new token to whoever has a code or a token of the app.
func (l *login) tradeGrant(given, token string, life time.Duration, q url.Values) *refusal {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.server.world.Clock.Now()
	g, ok := l.grants[given]
	if !ok || g.app != q.Get("client_id") || now.After(g.until) {
		return &refusal{100, 36007, "This authorization code has expired or has been used."}
	}
	g.challenge, g.until = "", now.Add(life)
	l.grants[token] = g
	return nil
}

// tradeCode is the same for a code, which must be shown by whoever asked for it and works once.
func (l *login) tradeCode(code, token string, life time.Duration, q url.Values) *refusal {
	l.mu.Lock()
	g, ok := l.grants[code]
	l.mu.Unlock()
	verifier := sha256.Sum256([]byte(q.Get("code_verifier")))
	switch {
	case ok && g.redirect != q.Get("redirect_uri"):
		return &refusal{
			100, 36008, "Error validating verification code. Please make sure your redirect_uri is identical",
		}
	case ok && g.challenge != "" && g.challenge != base64.RawURLEncoding.EncodeToString(verifier[:]):
		return &refusal{100, 0, "Invalid code_verifier"}
	}
	bad := l.tradeGrant(code, token, life, q)
	if bad == nil {
		l.mu.Lock()
		delete(l.grants, code)
		l.mu.Unlock()
	}
	return bad
}

// getAccounts lists the pages that the person chose. Without the permission to see them the list is empty, and nobody
// says why.
func (l *login) getAccounts(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	g, ok := l.grants[tokenOf(r)]
	l.mu.Unlock()
	if !ok {
		answerRefusal(w, errToken)
		return
	}
	list := []any{}
	for _, n := range l.server.world.NumbersOf(l.server) {
		if !slices.Contains(g.pages, n.ID) || !slices.Contains(g.scopes, "pages_show_list") {
			continue
		}
		list = append(list, map[string]any{
			"id": n.ID, "name": n.Name, "access_token": n.AccessToken, "category": "Shopping",
			"tasks": []string{"MODERATE", "MESSAGING", "MANAGE", "CREATE_CONTENT", "ADVERTISE", "ANALYZE"},
		})
	}
	l.server.answerPage(w, r, list)
}

// debugToken tells an app what became of a token.
func (l *login) debugToken(w http.ResponseWriter, r *http.Request) {
	app, shown, _ := strings.Cut(tokenOf(r), "|")
	if secret, ok := l.server.appSecret(app); !ok || shown != secret {
		answerRefusal(w, errToken)
		return
	}
	data := map[string]any{"app_id": app, "is_valid": false, "expires_at": 0, "scopes": []string{}}
	token, now := r.URL.Query().Get("input_token"), l.server.world.Clock.Now()
	l.mu.Lock()
	g, isPerson := l.grants[token]
	l.mu.Unlock()
	if isPerson {
		data["type"], data["is_valid"], data["scopes"], data["expires_at"] = "USER", true, g.scopes, g.until.Unix()
	}
	if n, ok := l.server.pageByToken(token); ok {
		f := l.server.world.Faults(n.ID)
		data["type"], data["profile_id"], data["is_valid"] = "PAGE", n.ID, !f.TokenExpired
		data["scopes"] = []string{
			"pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement",
		}
		data["data_access_expires_at"] = now.Add(dataAccessLife).Unix()
		if f.TokenEnds > 0 {
			data["expires_at"] = now.Add(f.TokenEnds).Unix()
		}
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"data": data})
}
