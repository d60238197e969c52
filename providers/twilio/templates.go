package twilio

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// maxPages bounds every list.
const maxPages = 100

// wireContent is a template of the Content API. Types holds one rendering for each kind of channel.
type wireContent struct {
	SID       text                     `json:"sid"`
	Name      text                     `json:"friendly_name"`
	Language  text                     `json:"language"`
	Variables map[string]text          `json:"variables"`
	Types     map[string]wireRendering `json:"types"`
	Approval  struct {
		Name     text `json:"name"`
		Category text `json:"category"`
		Status   text `json:"status"`
	} `json:"approval_requests"`
}

// wireRendering is one rendering of a template.
type wireRendering struct {
	Body    text   `json:"body"`
	Media   []text `json:"media"`
	Actions []struct {
		Type  text `json:"type"`
		Title text `json:"title"`
		URL   text `json:"url"`
	} `json:"actions"`
}

// Templates lists every template of the account with WhatsApp's verdict on it. An SMS needs none.
func (d *Driver) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	if d.cfg.Kind != domain.WhatsApp {
		return nil, carrier.NewRefusal("provider.unsupported")
	}
	var out []domain.MessageTemplate
	at := d.templates.JoinPath("v1", "ContentAndApprovals")
	at.RawQuery = url.Values{"PageSize": {"500"}}.Encode()
	for range maxPages {
		var page struct {
			Contents []wireContent `json:"contents"`
			Meta     struct {
				Next text `json:"next_page_url"`
			} `json:"meta"`
		}
		if err := d.getJSON(ctx, at, &page); err != nil {
			return nil, err
		}
		for _, w := range page.Contents {
			out = append(out, w.toTemplate())
		}
		if at = nextPage(d.templates, page.Meta.Next); at == nil {
			break
		}
	}
	return out, nil
}

// toTemplate translates a template. Header and footer are no parts of their own here: whatever is read is in the body.
func (w wireContent) toTemplate() domain.MessageTemplate {
	t := domain.MessageTemplate{
		VendorID: string(w.SID),
		Name:     string(w.Approval.Name),
		Language: strings.ReplaceAll(string(w.Language), "-", "_"),
		Category: strings.ToLower(string(w.Approval.Category)),
		Status:   templateStatus(string(w.Approval.Status)),
		Examples: map[string]string{},
	}
	if t.Name == "" {
		t.Name = string(w.Name)
	}
	r := w.chooseRendering()
	t.Body = string(r.Body)
	for _, a := range r.Actions {
		t.Buttons = append(t.Buttons, domain.TemplateButton{
			Kind: buttonKind(string(a.Type)),
			Text: string(a.Title),
			URL:  string(a.URL),
		})
	}
	for _, s := range t.Slots() {
		if example := w.Variables[s.Name]; example != "" {
			t.Examples[s.Key] = string(example)
		}
	}
	if t.Status == domain.TemplateApproved && (t.Body == "" || len(t.Buttons) > 9 || r.hasVariableMedia()) {
		t.Status = domain.TemplatePaused // what the form cannot ask for cannot be sent from here
	}
	return t
}

// chooseRendering chooses what WhatsApp shows: the vendor keeps a plain text only for channels that can show no more.
func (w wireContent) chooseRendering() wireRendering {
	names := slices.Sorted(maps.Keys(w.Types))
	slices.SortStableFunc(names, func(a, b string) int { return rankPlainness(a) - rankPlainness(b) })
	for _, n := range names {
		if r := w.Types[n]; r.Body != "" {
			return r
		}
	}
	return wireRendering{}
}

func rankPlainness(kind string) int {
	switch {
	case strings.HasPrefix(kind, "whatsapp/"):
		return 0
	case kind == "twilio/text":
		return 2
	}
	return 1
}

// hasVariableMedia reports whether the address of the template's file has a variable. A fixed file needs nothing from
// the sender.
func (r wireRendering) hasVariableMedia() bool {
	return slices.ContainsFunc(r.Media, func(t text) bool { return strings.Contains(string(t), "{{") })
}

// templateStatus maps the vendor's words. A template that was never handed in cannot be sent outside the window, so it
// counts as paused.
func templateStatus(status string) domain.TemplateStatus {
	switch strings.ToLower(status) {
	case "approved":
		return domain.TemplateApproved
	case "received", "pending":
		return domain.TemplatePending
	case "rejected":
		return domain.TemplateRejected
	}
	return domain.TemplatePaused
}

// buttonKind maps an action; one without a type is a quick reply.
func buttonKind(t string) string {
	switch kind := strings.ToLower(t); kind {
	case "", "quick_reply":
		return "quick_reply"
	case "url", "phone_number", "copy_code":
		return kind
	}
	return "other"
}
