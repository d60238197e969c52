package whatsapp

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"pult/domain"
	"pult/providers"
)

// template translates a template with its values. Parts without a value are left out altogether, as the vendor wants it; this
// holds for static addresses, telephone buttons and quick replies too.
func (d *Driver) template(ctx context.Context, use providers.OutgoingTemplate) (*outTemplate, error) {
	t := use.Template
	out := &outTemplate{Name: t.Name, Language: outLanguage{Code: t.Language}}
	if media := t.HeaderKind; media == "image" || media == "video" || media == "document" {
		header, err := d.mediaHeader(ctx, media, use.Media)
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

func (d *Driver) mediaHeader(ctx context.Context, kind string, m *providers.OutgoingMedia) (outComponent, error) {
	if m == nil {
		return outComponent{}, providers.Invalid("provider.whatsapp.132012")
	}
	id, err := d.uploaded(ctx, m)
	p := outParameter{Type: kind}
	switch kind {
	case "image":
		p.Image = &outMedia{ID: id}
	case "video":
		p.Video = &outMedia{ID: id}
	case "document":
		p.Document = &outMedia{ID: id, Filename: m.Name}
	}
	return outComponent{Type: "header", Parameters: []outParameter{p}}, err
}

// textParameters lists the values of a part. Positions count by number and not by where they stand in the text.
func textParameters(t domain.MessageTemplate, part string, values map[string]string) ([]outParameter, error) {
	slots := slices.DeleteFunc(t.Slots(), func(s domain.TemplateSlot) bool { return s.Part != part || s.Media != "" })
	if !t.Named {
		slices.SortStableFunc(slots, func(a, b domain.TemplateSlot) int { return position(a) - position(b) })
	}
	var out []outParameter
	for _, s := range slots {
		p := outParameter{Type: "text", Text: values[s.Key]}
		if t.Named {
			p.Name = s.Name
		}
		if strings.TrimSpace(p.Text) == "" {
			return nil, providers.Invalid("provider.whatsapp.132000")
		}
		out = append(out, p)
	}
	return out, nil
}

func position(s domain.TemplateSlot) int {
	n, _ := strconv.Atoi(s.Name)
	return n
}

// buttonParameters makes one component for each button with a value. A button's variable has a position even in a template
// whose other variables are named.
func buttonParameters(t domain.MessageTemplate, values map[string]string) ([]outComponent, error) {
	var out []outComponent
	for _, s := range t.Slots() {
		if s.Part != "button" {
			continue
		}
		if strings.TrimSpace(values[s.Key]) == "" {
			return nil, providers.Invalid("provider.whatsapp.132000")
		}
		c := outComponent{Type: "button", SubType: t.Buttons[s.Index].Kind, Index: strconv.Itoa(s.Index)}
		p := outParameter{Type: "text", Text: values[s.Key]}
		if c.SubType == "copy_code" {
			p = outParameter{Type: "coupon_code", Coupon: values[s.Key]}
		}
		c.Parameters = []outParameter{p}
		out = append(out, c)
	}
	return out, nil
}
