package whatsapp

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"pult/domain"
	"pult/providers"
	"pult/providers/graph"
)

type wireTemplate struct {
	ID         text `json:"id"`
	Name       text `json:"name"`
	Language   text `json:"language"`
	Status     text `json:"status"`
	Category   text `json:"category"`
	Format     text `json:"parameter_format"`
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

// Templates lists every template of the business account, whatever its status.
func (d *Driver) Templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	list, err := d.templates(ctx)
	var e *providers.Error
	if errors.As(err, &e) && e.Code == "131059" {
		return d.templates(ctx) // the list changed under the cursor: begin again, once
	}
	return list, err
}

func (d *Driver) templates(ctx context.Context) ([]domain.MessageTemplate, error) {
	query := url.Values{"limit": {"100"}, "fields": {"id,name,status,category,language,parameter_format,components"}}
	var out []domain.MessageTemplate
	for w, err := range graph.List[wireTemplate](ctx, d.api, query, d.cfg.BusinessID, "message_templates") {
		if err != nil {
			return nil, err
		}
		out = append(out, w.template())
	}
	return out, nil
}

func (w wireTemplate) template() domain.MessageTemplate {
	t := domain.MessageTemplate{
		VendorID: string(w.ID), Name: string(w.Name), Language: strings.ReplaceAll(string(w.Language), "-", "_"),
		Category: strings.ToLower(string(w.Category)), Status: verdict(string(w.Status)),
		Named: strings.EqualFold(string(w.Format), "named"), Examples: map[string]string{},
	}
	for _, c := range w.Components {
		switch strings.ToUpper(string(c.Type)) {
		case "HEADER":
			t.HeaderKind, t.Header = strings.ToLower(string(c.Format)), string(c.Text)
		case "BODY":
			t.Body = string(c.Text)
		case "FOOTER":
			t.Footer = string(c.Text)
		}
		for _, b := range c.Buttons {
			t.Buttons = append(t.Buttons, domain.TemplateButton{Kind: buttonKind(string(b.Type)), Text: string(b.Text), URL: string(b.URL)})
		}
		addExamples(t.Examples, strings.ToLower(string(c.Type)), c.Example)
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

// addExamples reads the vendor's examples by slot. They come in four shapes: named or by position, of the header or the body.
func addExamples(out map[string]string, part string, raw json.RawMessage) {
	type named struct {
		Name    text `json:"param_name"`
		Example text `json:"example"`
	}
	var e struct {
		HeaderNamed []named  `json:"header_text_named_params"`
		BodyNamed   []named  `json:"body_text_named_params"`
		Header      []text   `json:"header_text"`
		Body        [][]text `json:"body_text"`
	}
	if len(raw) == 0 || providers.ReadWire(raw, &e) != nil {
		return
	}
	for _, n := range append(e.HeaderNamed, e.BodyNamed...) {
		out[part+":"+string(n.Name)] = string(n.Example)
	}
	positional := e.Header
	if len(e.Body) > 0 {
		positional = e.Body[0]
	}
	for i, example := range positional {
		out[part+":"+strconv.Itoa(i+1)] = string(example)
	}
}
