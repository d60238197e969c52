package messenger

import (
	"net/http"
	"slices"

	"pult/providers/simulator/world"
)

const (
	recentMessages = 20 // messages of a conversation that can be asked for
	timeFormat     = "2006-01-02T15:04:05-0700"
)

// getConversations lists what the page and people said to each other, the latest conversation first, or that with one
// person.
func (s *Server) getConversations(w http.ResponseWriter, r *http.Request, n world.Number) {
	if f := s.world.Faults(n.ID); f.RateLimited {
		refuseForNow(w, f.RetryAfter)
		return
	}
	wanted, list := r.URL.Query().Get("user_id"), []any{}
	s.world.Do(func(state *world.State) {
		threads := state.Threads(n.ID)
		slices.SortFunc(threads, func(a, b *world.Thread) int { return lastOf(b).At.Compare(lastOf(a).At) })
		for _, t := range threads {
			if world.IsWanted(wanted, PSID(n.ID, t.Customer)) {
				list = append(list, writeConversation(state, n, t))
			}
		}
	})
	s.answerPage(w, r, list)
}

func lastOf(t *world.Thread) *world.Message { return t.Messages[len(t.Messages)-1] }

func recentOf(t *world.Thread) []*world.Message {
	return t.Messages[max(0, len(t.Messages)-recentMessages):]
}

// writeConversation is one conversation with its newest messages, the newest first.
func writeConversation(s *world.State, n world.Number, t *world.Thread) map[string]any {
	psid := PSID(n.ID, t.Customer)
	person := map[string]any{"id": psid, "email": psid + "@facebook.com"}
	if c := s.Customer(t.Customer); c != nil {
		person["name"] = c.Name
	}
	messages := []any{}
	for _, m := range slices.Backward(recentOf(t)) {
		messages = append(messages, writePast(s, n, m))
	}
	return map[string]any{
		"id": "t_" + psid, "updated_time": lastOf(t).At.UTC().Format(timeFormat),
		"participants": map[string]any{"data": []any{person, map[string]any{"id": n.ID, "name": n.Name}}},
		"messages":     map[string]any{"data": messages},
	}
}

// writePast is a message as the vendor's store tells it.
func writePast(s *world.State, n world.Number, m *world.Message) map[string]any {
	customer, page := map[string]any{"id": PSID(n.ID, m.Customer)}, map[string]any{"id": n.ID, "name": n.Name}
	if c := s.Customer(m.Customer); c != nil {
		customer["name"] = c.Name
	}
	from, to := page, customer
	if m.FromCustomer {
		from, to = customer, page
	}
	out := map[string]any{
		"id": m.ID, "created_time": m.At.UTC().Format(timeFormat), "from": from,
		"to": map[string]any{"data": []any{to}}, "message": m.Text,
	}
	if m.ReplyTo != "" {
		out["reply_to"] = map[string]any{"mid": m.ReplyTo}
	}
	if m.File != nil {
		out["attachments"] = map[string]any{"data": []any{writePastFile(s, m)}}
	}
	return out
}

func writePastFile(s *world.State, m *world.Message) map[string]any {
	f := map[string]any{"id": m.File.ID, "mime_type": m.File.MIME, "name": fileName(m), "size": len(m.File.Data)}
	switch address := addAddress(s, m); familyOf(m.File.MIME) {
	case "image":
		f["image_data"] = map[string]any{"url": address, "width": 1, "height": 1}
	case "video":
		f["video_data"] = map[string]any{"url": address, "width": 1, "height": 1}
	default:
		f["file_url"] = address
	}
	return f
}

// writeRecent is a message by its id, as long as it is one of the newest of its conversation; nil otherwise.
func writeRecent(s *world.State, n world.Number, id string) map[string]any {
	m := s.Message(id)
	if m == nil || m.Number != n.ID {
		return nil
	}
	if t := s.Thread(n.ID, m.Customer); t == nil || !slices.Contains(recentOf(t), m) {
		return nil
	}
	return writePast(s, n, m)
}
