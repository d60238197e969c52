package engagelab

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pult/domain"
	"pult/providers"
)

// template translates a template with its values. Parts without a value are left out.
func (d *Driver) template(ctx context.Context, use providers.OutgoingTemplate) (*outTemplate, error) {
	t := use.Template
	if !describable(t) {
		return nil, providers.Invalid("provider.engagelab.template")
	}
	out := &outTemplate{Name: t.Name, Language: t.Language}
	if kind := t.HeaderKind; kind == "image" || kind == "video" || kind == "document" {
		header, err := d.fileHeader(ctx, kind, use.Media)
		if err != nil {
			return nil, err
		}
		out.Components = append(out.Components, header)
	}
	for _, part := range []string{"header", "body"} {
		parameters, err := textParameters(t, part, use.Values)
		if err != nil {
			return nil, err
		}
		if len(parameters) > 0 {
			out.Components = append(out.Components, outComponent{Type: part, Parameters: parameters})
		}
	}
	buttons, err := buttonParameters(t, use.Values)
	out.Components = append(out.Components, buttons...)
	return out, err
}

// describable tells whether every value of a template has a documented form: variables by position, files, and the end of an
// address.
func describable(t domain.MessageTemplate) bool {
	if t.Named || t.HeaderKind == "location" {
		return false
	}
	return !slices.ContainsFunc(t.Slots(), func(s domain.TemplateSlot) bool {
		return s.Media == "" && (position(s) == 0 || (s.Part == "button" && t.Buttons[s.Index].Kind != "url"))
	})
}

func (d *Driver) fileHeader(ctx context.Context, kind string, m *providers.OutgoingMedia) (outComponent, error) {
	if m == nil {
		return outComponent{}, providers.Invalid("provider.whatsapp.132012")
	}
	link, err := d.link(ctx, *m)
	p := outParameter{Type: kind}
	switch kind {
	case "image":
		p.Image = &outMedia{Link: link}
	case "video":
		p.Video = &outMedia{Link: link}
	case "document":
		p.Document = &outMedia{Link: link, Filename: m.Name}
	}
	return outComponent{Type: "header", Parameters: []outParameter{p}}, err
}

// textParameters lists the values of a part. Positions count by number and not by where they stand in the text.
func textParameters(t domain.MessageTemplate, part string, values map[string]string) ([]outParameter, error) {
	slots := slices.DeleteFunc(t.Slots(), func(s domain.TemplateSlot) bool { return s.Part != part || s.Media != "" })
	slices.SortStableFunc(slots, func(a, b domain.TemplateSlot) int { return position(a) - position(b) })
	var out []outParameter
	for _, s := range slots {
		value := values[s.Key]
		if strings.TrimSpace(value) == "" {
			return nil, providers.Invalid("provider.whatsapp.132000")
		}
		out = append(out, outParameter{Type: "text", Text: value})
	}
	return out, nil
}

// position is the number of a variable, 0 for a named one.
func position(s domain.TemplateSlot) int {
	n, _ := strconv.Atoi(s.Name)
	return n
}

// buttonParameters makes one component for each button with a value.
func buttonParameters(t domain.MessageTemplate, values map[string]string) ([]outComponent, error) {
	var out []outComponent
	for _, s := range t.Slots() {
		if s.Part != "button" {
			continue
		}
		value := values[s.Key]
		if strings.TrimSpace(value) == "" {
			return nil, providers.Invalid("provider.whatsapp.132000")
		}
		out = append(out, outComponent{
			Type: "button", SubType: t.Buttons[s.Index].Kind, Index: strconv.Itoa(s.Index), Parameters: []outParameter{{Type: "text", Text: value}},
		})
	}
	return out, nil
}
