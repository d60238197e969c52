package cloudapi

import (
	"encoding/json"
	"strconv"
	"strings"

	"pult/domain"
	"pult/providers/wire"
)

// Template is a template as it is listed. Words come in small and in capital letters.
type Template struct {
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

// ToTemplate is the template in the desk's words. The language is as the vendor spells it.
func (w Template) ToTemplate() domain.MessageTemplate {
	t := domain.MessageTemplate{
		VendorID: string(w.ID), Name: string(w.Name), Language: string(w.Language),
		Category: strings.ToLower(string(w.Category)), Status: templateStatus(string(w.Status)),
		Named: strings.EqualFold(string(w.Format), "named"), Examples: map[string]string{},
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
			t.Buttons = append(t.Buttons, domain.TemplateButton{
				Kind: buttonKind(string(b.Type)),
				Text: string(b.Text),
				URL:  string(b.URL),
			})
		}
		addExamples(t.Examples, part, c.Example)
	}
	return t
}

// templateStatus maps the vendor's finer words. What cannot be sent now and is not under review counts as paused.
func templateStatus(status string) domain.TemplateStatus {
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

// addExamples reads the vendor's examples by slot. They come in four shapes: named or by position, of the header or the
// body.
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
	if len(raw) == 0 || wire.DecodeJSON(raw, &e) != nil {
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
