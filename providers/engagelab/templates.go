package engagelab

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"pult/domain"
	"pult/providers"
)

type wireTemplate struct {
	ID         text `json:"id"`
	Name       text `json:"name"`
	Language   text `json:"language"`
	Status     text `json:"status"`
	Category   text `json:"category"`
	Components []struct {
		Type    text            `json:"type"`
		Format  text            `json:"format"`
		Text    text            `json:"text"`
		Example json.RawMessage `json:"example"`
		Buttons []struct {
			Type text `json:"type"`
			Text text `json:"text"`
			URL  text `json:"url"`
		} `json:"buttons"`
	} `json:"components"`
}

// Templates lists every template the key can see, whatever its status. One that is approved but asks for values in a form nobody
// documented counts as paused: it cannot be sent from here.
func (d *Driver) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	var list []wireTemplate
	if err := d.get(ctx, &list, "v1", "templates"); err != nil {
		return nil, err
	}
	var out []domain.MessageTemplate
	for _, w := range list {
		out = append(out, w.template())
	}
	return out, nil
}

// template reads words in small and capital letters alike: the vendor writes both.
func (w wireTemplate) template() domain.MessageTemplate {
	t := domain.MessageTemplate{
		VendorID: string(w.ID), Name: string(w.Name), Language: string(w.Language),
		Category: strings.ToLower(string(w.Category)), Status: verdict(string(w.Status)), Examples: map[string]string{},
	}
	for _, c := range w.Components {
		part := strings.ToLower(string(c.Type))
		switch part {
		case "header":
			t.HeaderKind, t.Header = strings.ToLower(string(c.Format)), string(c.Text)
		case "body":
			t.Body = string(c.Text)
		case "footer":
			t.Footer = string(c.Text)
		}
		for _, b := range c.Buttons {
			t.Buttons = append(t.Buttons, domain.TemplateButton{Kind: buttonKind(string(b.Type)), Text: string(b.Text), URL: string(b.URL)})
		}
		addExamples(t.Examples, part, c.Example)
	}
	if t.Status == domain.TemplateApproved && !describable(t) {
		t.Status = domain.TemplatePaused
	}
	return t
}

// verdict maps the vendor's finer words. What cannot be sent now and is not under review counts as paused.
func verdict(status string) domain.TemplateStatus {
	switch strings.ToUpper(status) {
	case "APPROVED":
		return domain.TemplateApproved
	case "PENDING", "IN_APPEAL":
		return domain.TemplatePending
	case "REJECTED":
		return domain.TemplateRejected
	}
	return domain.TemplatePaused
}

func buttonKind(t string) string {
	switch kind := strings.ToLower(t); kind {
	case "quick_reply", "url", "phone_number", "copy_code":
		return kind
	}
	return "other"
}

// addExamples reads the vendor's examples by slot.
func addExamples(out map[string]string, part string, raw json.RawMessage) {
	var e struct {
		Header []text   `json:"header_text"`
		Body   [][]text `json:"body_text"`
	}
	if len(raw) == 0 || providers.ReadWire(raw, &e) != nil {
		return
	}
	values := e.Header
	if len(e.Body) > 0 {
		values = e.Body[0]
	}
	for i, example := range values {
		out[part+":"+strconv.Itoa(i+1)] = string(example)
	}
}

// Test lists the templates, the one documented call that changes nothing: it fails when key and secret do not belong together.
// The number is the configured one and the name is empty, because EngageLab tells neither; whether the key may send from the
// number shows at the first message.
func (d *Driver) Test(ctx context.Context) (providers.Account, error) {
	if _, err := d.Templates(ctx); err != nil {
		return providers.Account{}, err
	}
	return providers.Account{Number: d.number}, nil
}
