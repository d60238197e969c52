package twilio

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"pult/providers/simulator/world"
)

// writeMessage is a message as the API tells it.
func (d *Messages) writeMessage(s *world.State, n world.Number, m *world.Message) map[string]any {
	path := messagePath(n, m)
	ours, theirs := d.product.writeAddress(n.Phone), d.addressOf(s, n, m)
	out := map[string]any{
		"sid": m.ID, "account_sid": n.Account, "api_version": "2010-04-01", "body": m.Text, "num_segments": "1",
		"num_media": "0",
		"direction": "outbound-api", "from": ours, "to": theirs, "messaging_service_sid": nil,
		"status": stateWords[m.State], "error_code": nil, "error_message": nil, "price": nil, "price_unit": nil,
		"date_created": writeDate(m.At), "date_updated": writeDate(m.At), "date_sent": writeDate(m.At),
		"uri": path + ".json", "subresource_uris": map[string]any{"media": path + "/Media.json"},
	}
	if m.File != nil {
		out["num_media"] = "1"
	}
	if m.FailCode != 0 {
		out["error_code"], out["error_message"] = m.FailCode, "failed on demand"
	}
	if m.FromCustomer {
		out["direction"], out["status"] = "inbound", "received"
		out["from"], out["to"] = theirs, ours
	}
	return out
}

// getMessage answers with one message.
func (s *Server) getMessage(w http.ResponseWriter, r *http.Request, n world.Number) {
	d := s.messagesOf(n.ID)
	var out map[string]any
	s.world.Do(func(state *world.State) {
		if m := state.Message(withoutFormat(r.PathValue("message"))); m != nil && m.Number == n.ID {
			out = d.writeMessage(state, n, m)
		}
	})
	if out == nil {
		refuseUnknown(w)
		return
	}
	world.AnswerJSON(w, http.StatusOK, out)
}

// listMessages answers with messages, the newest first, filtered by addresses and by day.
func (s *Server) listMessages(w http.ResponseWriter, r *http.Request, n world.Number) {
	d, q := s.messagesOf(n.ID), r.URL.Query()
	after, _ := time.Parse(time.DateOnly, q.Get("DateSent>"))
	var list []any
	s.world.Do(func(state *world.State) {
		for _, m := range newestFirst(state.Threads(n.ID)) {
			out := d.writeMessage(state, n, m)
			if world.IsWanted(q.Get("To"), out["to"].(string)) && world.IsWanted(q.Get("From"), out["from"].(string)) &&
				!m.At.Before(after) {
				list = append(list, out)
			}
		}
	})
	s.answerPage(w, r, "messages", list)
}

func newestFirst(threads []*world.Thread) (out []*world.Message) {
	for _, t := range threads {
		out = append(out, t.Messages...)
	}
	slices.SortFunc(out, func(a, b *world.Message) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID, a.ID))
	})
	return out
}
