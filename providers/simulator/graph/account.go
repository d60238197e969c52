package graph

import (
	"cmp"
	"encoding/json"
	"net/http"
	"strings"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// getNumbers answers which numbers the account owns, a page at a time.
func (s *Server) getNumbers(w http.ResponseWriter, r *http.Request, n world.Number) {
	var list []any
	for _, other := range s.world.NumbersOf(s) {
		if other.Account == n.Account {
			list = append(list, writeNumber(other))
		}
	}
	s.answerPage(w, r, list)
}

func (s *Server) getSubscriptions(w http.ResponseWriter, _ *http.Request, _ world.Number) {
	app := map[string]any{"id": "400000000000001", "name": "Pult", "link": "https://app.example/"}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"data": []any{map[string]any{"whatsapp_business_api_data": app}}})
}

func (s *Server) getTemplates(w http.ResponseWriter, r *http.Request, _ world.Number) {
	var list []any
	s.world.Do(func(state *world.State) {
		for _, t := range state.Templates() {
			list = append(list, cloudapi.WriteTemplate(t))
		}
	})
	s.answerPage(w, r, list)
}

func writeNumber(n world.Number) map[string]any {
	return map[string]any{
		"id": n.ID, "display_phone_number": groupDigits(n.Phone), "verified_name": n.Name, "quality_rating": "GREEN",
		"status": "CONNECTED", "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
	}
}

// groupDigits writes a number in groups, as the vendor shows it to people.
func groupDigits(phone string) string {
	var b strings.Builder
	for i, r := range phone {
		if i > 1 && (len(phone)-i)%3 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// getObject answers questions about a token, a number or a file, whichever has the id.
func (s *Server) getObject(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("id") == "debug_token" {
		s.debugToken(w, r)
		return
	}
	n, ok := s.numberByID(r.PathValue("id"))
	if !ok {
		s.getMedia(w, r)
		return
	}
	if s.admit(w, r, n) {
		world.AnswerJSON(w, http.StatusOK, writeNumber(n))
	}
}

// setBlocked keeps customers from writing to the number, or lets them again.
func (s *Server) setBlocked(blocked bool) numberHandler {
	return func(w http.ResponseWriter, r *http.Request, n world.Number) {
		var in struct {
			Users []struct {
				User   string `json:"user"`
				UserID string `json:"user_id"`
			} `json:"block_users"`
		}
		if json.NewDecoder(http.MaxBytesReader(w, r.Body, world.RequestLimit)).Decode(&in) != nil {
			answerRefusal(w, refusal{code: 100})
			return
		}
		s.world.Do(func(state *world.State) {
			for _, u := range in.Users {
				if c := state.CustomerAt(cmp.Or(u.User, u.UserID)); c != nil {
					state.SetBlocked(n.ID, c.ID, blocked)
				}
			}
		})
		world.AnswerJSON(w, http.StatusOK, map[string]any{"messaging_product": "whatsapp"})
	}
}
