package simulator

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pult/domain"
)

// Template is a message template as the vendor keeps it. Word is the vendor's own word for its status, such as APPROVED.
type Template struct {
	domain.MessageTemplate
	Word string
}

// SampleTemplates are templates a small shop would have: a delivery, a payment, a visit, in Czech, French and English, with
// named and numbered variables, a picture, a button with an address, one still under review and one refused.
func SampleTemplates() []Template {
	return []Template{
		sample("5001", "delivery_on_the_way", "cs", "APPROVED", domain.MessageTemplate{
			HeaderKind: "text", Header: "Zásilka {{1}}", Body: "Dobrý den {{1}}, vaše zásilka přijde dnes mezi {{2}} a {{3}}.", Footer: "Servis kol",
			Buttons:  []domain.TemplateButton{{Kind: "url", Text: "Sledovat", URL: "https://shop.example/t/{{1}}"}, {Kind: "quick_reply", Text: "Nebudu doma"}},
			Examples: map[string]string{"header:1": "P-2041", "body:1": "Jano", "body:2": "10:00", "body:3": "12:00"},
		}),
		sample("5002", "delivery_on_the_way", "fr", "APPROVED", domain.MessageTemplate{
			HeaderKind: "text", Header: "Colis {{1}}", Body: "Bonjour {{1}}, votre colis arrive aujourd’hui entre {{2}} et {{3}}.", Footer: "Atelier vélo",
			Buttons:  []domain.TemplateButton{{Kind: "url", Text: "Suivre", URL: "https://shop.example/t/{{1}}"}, {Kind: "quick_reply", Text: "Je serai absent"}},
			Examples: map[string]string{"header:1": "P-2041", "body:1": "Claire", "body:2": "10 h", "body:3": "12 h"},
		}),
		sample("5003", "payment_received", "en", "APPROVED", domain.MessageTemplate{
			Body:     "Hello {{1}}, we received your payment of {{2}}. Thank you!",
			Examples: map[string]string{"body:1": "Jane", "body:2": "€ 49.00"},
		}),
		sample("5004", "visit_reminder", "cs", "APPROVED", domain.MessageTemplate{
			Named: true, HeaderKind: "text", Header: "Termín {{den}}", Body: "Dobrý den {{jmeno}}, čekáme vás v {{cas}}.", Footer: "Servis kol",
			Buttons:  []domain.TemplateButton{{Kind: "quick_reply", Text: "Zrušit"}},
			Examples: map[string]string{"header:den": "úterý", "body:jmeno": "Jano", "body:cas": "10:00"},
		}),
		sample("5005", "visit_reminder", "fr", "APPROVED", domain.MessageTemplate{
			Named: true, HeaderKind: "text", Header: "Rendez-vous {{jour}}", Body: "Bonjour {{nom}}, nous vous attendons à {{heure}}.", Footer: "Atelier vélo",
			Buttons:  []domain.TemplateButton{{Kind: "quick_reply", Text: "Annuler"}},
			Examples: map[string]string{"header:jour": "mardi", "body:nom": "Claire", "body:heure": "10 h"},
		}),
		sample("5006", "bike_ready", "en", "APPROVED", domain.MessageTemplate{
			HeaderKind: "image", Body: "Good news, {{1}}: your bike is ready. We are open until 18:00.", Examples: map[string]string{"body:1": "Jane"},
		}),
		sample("5007", "spring_voucher", "cs", "PENDING", domain.MessageTemplate{
			Category: "marketing", Body: "Jaro je tady! Ukažte kód a získáte slevu 10 %.", Buttons: []domain.TemplateButton{{Kind: "copy_code", Text: "Kopírovat kód"}},
		}),
		sample("5008", "payment_overdue", "fr", "REJECTED", domain.MessageTemplate{
			Body: "Bonjour {{1}}, le paiement de {{2}} reste attendu.", Examples: map[string]string{"body:1": "Claire", "body:2": "49 €"},
		}),
	}
}

func sample(id, name, language, word string, t domain.MessageTemplate) Template {
	t.VendorID, t.Name, t.Language = id, name, language
	t.Category = orElse(t.Category, "utility")
	return Template{MessageTemplate: t, Word: word}
}

// SetTemplateStatus changes the vendor's word for a template, such as PAUSED, and tells every number of the simulator.
func (s *Simulator) SetTemplateStatus(name, language, word string) error {
	s.mu.Lock()
	t := s.template(name, language)
	if t == nil {
		s.mu.Unlock()
		return fmt.Errorf("simulator: template %s %s: %w", name, language, ErrUnknown)
	}
	t.Word = word
	number, _ := strconv.Atoi(t.VendorID)
	s.mu.Unlock()
	for _, n := range s.Numbers() {
		_ = s.Publish(n.ID, "message_template_status_update", map[string]any{
			"event": word, "message_template_id": number, "message_template_name": name,
			"message_template_language": strings.ReplaceAll(language, "_", "-"), "reason": "NONE",
		})
	}
	return nil
}

// template finds a template; s.mu is held.
func (s *Simulator) template(name, language string) *Template {
	i := slices.IndexFunc(s.templates, func(t Template) bool { return t.Name == name && t.Language == language })
	if i < 0 {
		return nil
	}
	return &s.templates[i]
}

func (s *Simulator) getTemplates(w http.ResponseWriter, r *http.Request, _ Number) {
	s.mu.Lock()
	var list []any
	for _, t := range s.templates {
		list = append(list, t.wire())
	}
	s.mu.Unlock()
	s.page(w, r, list)
}

// wire is a template in the vendor's form.
func (t Template) wire() map[string]any {
	format := "POSITIONAL"
	if t.Named {
		format = "NAMED"
	}
	components := []any{}
	if t.HeaderKind != "" {
		header := map[string]any{"type": "HEADER", "format": strings.ToUpper(t.HeaderKind)}
		if t.HeaderKind == "text" {
			header["text"], header["example"] = t.Header, t.examples("header")
		}
		components = append(components, header)
	}
	components = append(components, map[string]any{"type": "BODY", "text": t.Body, "example": t.examples("body")})
	if t.Footer != "" {
		components = append(components, map[string]any{"type": "FOOTER", "text": t.Footer})
	}
	if len(t.Buttons) > 0 {
		var buttons []any
		for _, b := range t.Buttons {
			button := map[string]any{"type": strings.ToUpper(b.Kind), "text": b.Text}
			if b.URL != "" {
				button["url"] = b.URL
			}
			buttons = append(buttons, button)
		}
		components = append(components, map[string]any{"type": "BUTTONS", "buttons": buttons})
	}
	return map[string]any{
		"id": t.VendorID, "name": t.Name, "language": t.Language, "status": t.Word, "category": strings.ToUpper(t.Category),
		"parameter_format": format, "components": components,
	}
}

// examples are the vendor's four shapes of examples.
func (t Template) examples(part string) map[string]any {
	var named, positional []any
	for _, slot := range t.Slots() {
		if slot.Part == part && slot.Media == "" {
			named = append(named, map[string]any{"param_name": slot.Name, "example": t.Examples[slot.Key]})
			positional = append(positional, t.Examples[slot.Key])
		}
	}
	switch {
	case t.Named:
		return map[string]any{part + "_text_named_params": named}
	case part == "body":
		return map[string]any{"body_text": []any{positional}}
	}
	return map[string]any{"header_text": positional}
}

// sentTemplate is a template in a send.
type sentTemplate struct {
	Name     string `json:"name"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Components []sentComponent `json:"components"`
}

type sentComponent struct {
	Type       string `json:"type"`
	SubType    string `json:"sub_type"`
	Index      string `json:"index"`
	Parameters []struct {
		Type     string    `json:"type"`
		Name     string    `json:"parameter_name"`
		Text     string    `json:"text"`
		Coupon   string    `json:"coupon_code"`
		Image    *sentFile `json:"image"`
		Video    *sentFile `json:"video"`
		Document *sentFile `json:"document"`
	} `json:"parameters"`
}

// templateContent checks the values against the template and renders what the customer reads. s.mu is held.
func (s *Simulator) templateContent(n Number, m *Message, in *sentTemplate) *refusal {
	if in == nil {
		return &refusal{code: 131008, details: "template is missing"}
	}
	t := s.template(in.Name, in.Language.Code)
	if t == nil || (t.Word != "APPROVED" && t.Word != "PAUSED") {
		return &refusal{code: 132001, details: "template name (" + in.Name + ") does not exist in " + in.Language.Code}
	}
	if t.Word == "PAUSED" {
		return &refusal{code: 132015}
	}
	values := map[string]string{}
	for _, c := range in.Components {
		if bad := s.componentValues(n, m, t, c, values); bad != nil {
			return bad
		}
	}
	for _, slot := range t.Slots() {
		if values[slot.Key] == "" {
			return &refusal{code: 132000, details: slot.Part + ": number of localizable_params does not match the expected number of params"}
		}
	}
	if len(values) != len(t.Slots()) {
		return &refusal{code: 132000, details: "more parameters than variables"}
	}
	m.Template, m.Text = t.Name, t.Render(values)
	for _, b := range t.Buttons {
		m.Buttons = append(m.Buttons, b.Text)
	}
	return nil
}

// componentValues reads the values of one component into the slots of the template. s.mu is held.
func (s *Simulator) componentValues(n Number, m *Message, t *Template, c sentComponent, values map[string]string) *refusal {
	for i, p := range c.Parameters {
		file := orElse(orElse(p.Image, p.Video), p.Document)
		switch {
		case c.Type == "button" && c.SubType == "copy_code":
			values["button:"+c.Index+":code"] = p.Coupon
		case c.Type == "button":
			values["button:"+c.Index+":"+strconv.Itoa(i+1)] = p.Text
		case file != nil:
			stored := s.media[file.ID]
			if stored == nil || stored.number != n.ID || t.HeaderKind != p.Type || !slices.Contains(mimeTypes[p.Type], stored.MIME) {
				return &refusal{code: 132012, details: "header: format mismatch"}
			}
			f := stored.File
			m.File, values["header:media"] = &f, file.ID
		case t.Named && p.Name == "":
			return &refusal{code: 132012, details: c.Type + ": parameter_name is missing"}
		case strings.ContainsAny(p.Text, "\n\t") || strings.Contains(p.Text, "     "):
			return &refusal{code: 132018, details: "newlines, tabs and more than four spaces are not allowed"}
		default:
			values[c.Type+":"+orElse(p.Name, strconv.Itoa(i+1))] = p.Text
		}
	}
	return nil
}
