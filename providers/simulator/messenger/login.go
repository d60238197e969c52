package messenger

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// How long codes and tokens live.
const (
	codeLife       = 10 * time.Minute
	shortLife      = time.Hour
	longLife       = 60 * 24 * time.Hour
	dataAccessLife = 90 * 24 * time.Hour
)

// getAccessToken trades a code, once, for a token of some hours, and that for one of some weeks.
func (s *Server) getAccessToken(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	secret, ok := s.appSecret(q.Get("client_id"))
	if !ok || q.Get("client_secret") != secret {
		refuse(w, refusal{1, 0, "Error validating client secret."})
		return
	}
	token, life := "EAAuser"+s.newID(), shortLife
	var bad *refusal
	if q.Get("grant_type") == "fb_exchange_token" {
		life = longLife
		bad = s.trade(q.Get("fb_exchange_token"), token, life, q)
	} else {
		bad = s.tradeCode(q.Get("code"), token, life, q)
	}
	if bad != nil {
		refuse(w, *bad)
		return
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "bearer", "expires_in": int(life / time.Second),
	})
}

// trade gives a new token to whoever has a code or a token of the app.
func (s *Server) trade(given, token string, life time.Duration, q url.Values) *refusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.world.Clock.Now()
	g, ok := s.grants[given]
	if !ok || g.app != q.Get("client_id") || now.After(g.until) {
		return &refusal{100, 36007, "This authorization code has expired or has been used."}
	}
	g.challenge, g.until = "", now.Add(life)
	s.grants[token] = g
	return nil
}

// tradeCode is the same for a code, which must be shown by whoever asked for it and works once.
func (s *Server) tradeCode(code, token string, life time.Duration, q url.Values) *refusal {
	s.mu.Lock()
	g, ok := s.grants[code]
	s.mu.Unlock()
	verifier := sha256.Sum256([]byte(q.Get("code_verifier")))
	switch {
	case ok && g.redirect != q.Get("redirect_uri"):
		return &refusal{100, 36008, "Error validating verification code. Please make sure your redirect_uri is identical"}
	case ok && g.challenge != "" && g.challenge != base64.RawURLEncoding.EncodeToString(verifier[:]):
		return &refusal{100, 0, "Invalid code_verifier"}
	}
	bad := s.trade(code, token, life, q)
	if bad == nil {
		s.mu.Lock()
		delete(s.grants, code)
		s.mu.Unlock()
	}
	return bad
}

// getAccounts lists the pages that the person chose. Without the permission to see them the list is empty, and nobody says why.
func (s *Server) getAccounts(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	g, ok := s.grants[tokenOf(r)]
	s.mu.Unlock()
	if !ok {
		refuse(w, errToken)
		return
	}
	list := []any{}
	for _, n := range s.world.NumbersOf(s) {
		if !slices.Contains(g.pages, n.ID) || !slices.Contains(g.scopes, "pages_show_list") {
			continue
		}
		list = append(list, map[string]any{
			"id": n.ID, "name": n.Name, "access_token": n.AccessToken, "category": "Shopping",
			"tasks": []string{"MODERATE", "MESSAGING", "MANAGE", "CREATE_CONTENT", "ADVERTISE", "ANALYZE"},
		})
	}
	s.answerPage(w, r, list)
}

// debugToken tells an app what became of a token.
func (s *Server) debugToken(w http.ResponseWriter, r *http.Request) {
	app, shown, _ := strings.Cut(tokenOf(r), "|")
	if secret, ok := s.appSecret(app); !ok || shown != secret {
		refuse(w, errToken)
		return
	}
	data := map[string]any{"app_id": app, "is_valid": false, "expires_at": 0, "scopes": []string{}}
	token, now := r.URL.Query().Get("input_token"), s.world.Clock.Now()
	s.mu.Lock()
	g, isPerson := s.grants[token]
	s.mu.Unlock()
	if isPerson {
		data["type"], data["is_valid"], data["scopes"], data["expires_at"] = "USER", true, g.scopes, g.until.Unix()
	}
	if n, ok := s.pageByToken(token); ok {
		f := s.world.Faults(n.ID)
		data["type"], data["profile_id"], data["is_valid"] = "PAGE", n.ID, !f.TokenExpired
		data["scopes"] = []string{"pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"}
		data["data_access_expires_at"] = now.Add(dataAccessLife).Unix()
		if f.TokenEnds > 0 {
			data["expires_at"] = now.Add(f.TokenEnds).Unix()
		}
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"data": data})
}
