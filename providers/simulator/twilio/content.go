package twilio

import (
	"encoding/json"
	"net/http"
	"strings"

	"pult/domain"
	"pult/providers/simulator/world"
)

// sample is a template of the Content API.
type sample struct {
	sid, name, language, category, status string
	kind, body                            string
	actions                               []map[string]any
	variables                             map[string]string
}

// samples are templates a small shop would have at Twilio; each of the vendor's common shapes is there once.
var samples = []sample{
	{
		sid: "HX00000000000000000000000000000001", name: "delivery_on_the_way", language: "cs", category: "UTILITY",
		status: "approved",
		kind:   "twilio/text", body: "Dobrý den {{1}}, vaše zásilka přijde dnes mezi {{2}} a {{3}}.",
		variables: map[string]string{"1": "Jano", "2": "10:00", "3": "12:00"},
	}, {
		sid: "HX00000000000000000000000000000002", name: "visit_reminder", language: "fr", category: "UTILITY",
		status: "approved",
		kind:   "twilio/quick-reply", body: "Bonjour {{1}}, nous vous attendons à {{2}}.",
		variables: map[string]string{"1": "Claire", "2": "10 h"},
		actions:   []map[string]any{{"title": "Confirmer", "id": "yes"}, {"title": "Annuler", "id": "no"}},
	}, {
		sid: "HX00000000000000000000000000000003", name: "order_tracking", language: "en", category: "UTILITY",
		status: "approved",
		kind:   "twilio/call-to-action", body: "Hello {{1}}, your order is on its way.",
		variables: map[string]string{"1": "Jane", "2": "P-2041"},
		actions:   []map[string]any{{"type": "URL", "title": "Track it", "url": "https://shop.example/t/{{2}}"}},
	}, {
		sid: "HX00000000000000000000000000000004", name: "spring_voucher", language: "cs", category: "MARKETING",
		status: "pending",
		kind:   "twilio/text", body: "Jaro je tady! Ukažte zprávu a získáte slevu 10 %.",
	}, {
		sid: "HX00000000000000000000000000000005", name: "payment_overdue", language: "fr", category: "UTILITY",
		status: "rejected",
		kind:   "twilio/text", body: "Bonjour {{1}}, le paiement reste attendu.",
		variables: map[string]string{"1": "Claire"},
	},
}

// write is a template as the API tells it.
func (c sample) write(account string) map[string]any {
	rendering := map[string]any{"body": c.body}
	if c.actions != nil {
		rendering["actions"] = c.actions
	}
	return map[string]any{
		"sid": c.sid, "account_sid": account, "friendly_name": c.name, "language": c.language, "variables": c.variables,
		"types":        map[string]any{c.kind: rendering, "twilio/text": map[string]any{"body": c.body}},
		"date_created": "2026-08-01T10:00:00Z", "date_updated": "2026-08-01T10:00:00Z",
		"approval_requests": map[string]any{
			"name": c.name, "category": c.category, "content_type": c.kind, "status": c.status,
			"rejection_reason": "", "allow_category_change": true,
		},
	}
}

// listContents lists the templates a page at a time, with absolute addresses, unlike the classic API.
func (s *Server) listContents(w http.ResponseWriter, r *http.Request, n world.Number) {
	size, page := pageOf(r, s.world.PageSize)
	start, end := min(page*size, len(samples)), min((page+1)*size, len(samples))
	list := []any{}
	for _, c := range samples[start:end] {
		list = append(list, c.write(n.Account))
	}
	meta := map[string]any{"page": page, "page_size": size, "key": "contents", "next_page_url": nil}
	if end < len(samples) {
		meta["next_page_url"] = "http://" + r.Host + nextPage(r, page+1)
	}
	world.AnswerJSON(w, http.StatusOK, map[string]any{"contents": list, "meta": meta})
}

// fillTemplate renders what the customer reads.
func fillTemplate(m *world.Message, sid, variables string) int {
	for _, c := range samples {
		if c.sid != sid {
			continue
		}
		values := map[string]string{}
		if variables != "" && json.Unmarshal([]byte(variables), &values) != nil {
			return 21656
		}
		m.Kind, m.Template, m.Text = domain.KindTemplate, c.name, c.body
		for name := range c.variables {
			if values[name] == "" {
				return 21656
			}
			m.Text = strings.ReplaceAll(m.Text, "{{"+name+"}}", values[name])
		}
		for _, a := range c.actions {
			m.Buttons = append(m.Buttons, a["title"].(string))
		}
		if c.status != "approved" {
			return 63040
		}
		return 0
	}
	return 21655
}
