package cloudapi

import (
	"slices"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/carrier"
)

// Component is a part of a template with its values, as it is sent.
type Component struct {
	Type       string      `json:"type"`
	SubType    string      `json:"sub_type,omitempty"`
	Index      string      `json:"index,omitempty"`
	Parameters []Parameter `json:"parameters"`
}

// Parameter is one value; exactly what Type names is present.
type Parameter struct {
	Type     string `json:"type"`
	Name     string `json:"parameter_name,omitempty"`
	Text     string `json:"text,omitempty"`
	Coupon   string `json:"coupon_code,omitempty"`
	Image    *File  `json:"image,omitempty"`
	Video    *File  `json:"video,omitempty"`
	Document *File  `json:"document,omitempty"`
}

// NewComponents are the parts of a template that have values. Parts without a value are left out altogether, as the
// vendor wants it; this holds for static addresses, telephone buttons and quick replies too. placeFile hands the file
// of a header over and says where it is. A value that is missing is Invalid with the key provider.whatsapp.132000, a
// file with provider.whatsapp.132012.
func NewComponents(use carrier.OutgoingTemplate, placeFile PlaceFile) ([]Component, error) {
	t := use.Template
	var out []Component
	if kind := t.HeaderKind; kind == "image" || kind == "video" || kind == "document" {
		header, err := fileHeader(kind, use.Media, placeFile)
		if err != nil {
			return nil, err
		}
		out = append(out, header)
	}
	for _, part := range []string{"header", "body"} {
		parameters, err := textParameters(t, part, use.Values)
		if err != nil {
			return nil, err
		}
		if len(parameters) > 0 {
			out = append(out, Component{Type: part, Parameters: parameters})
		}
	}
	buttons, err := buttonComponents(t, use.Values)
	return append(out, buttons...), err
}

func fileHeader(kind string, m *carrier.OutgoingMedia, placeFile PlaceFile) (Component, error) {
	if m == nil {
		return Component{}, carrier.NewRefusal("provider.whatsapp.132012")
	}
	f, err := placeFile(m)
	p := Parameter{Type: kind}
	switch kind {
	case "image":
		p.Image = &f
	case "video":
		p.Video = &f
	case "document":
		f.Filename = m.Name
		p.Document = &f
	}
	return Component{Type: "header", Parameters: []Parameter{p}}, err
}

// textParameters lists the values of a part. Positions count by number and not by where they stand in the text.
func textParameters(t domain.MessageTemplate, part string, values map[string]string) ([]Parameter, error) {
	slots := slices.DeleteFunc(t.Slots(), func(s domain.TemplateSlot) bool { return s.Part != part || s.Media != "" })
	if !t.Named {
		slices.SortStableFunc(slots, func(a, b domain.TemplateSlot) int { return SlotPosition(a) - SlotPosition(b) })
	}
	var out []Parameter
	for _, s := range slots {
		p := Parameter{Type: "text", Text: values[s.Key]}
		if t.Named {
			p.Name = s.Name
		}
		if strings.TrimSpace(p.Text) == "" {
			return nil, carrier.NewRefusal("provider.whatsapp.132000")
		}
		out = append(out, p)
	}
	return out, nil
}

// SlotPosition is the number of a variable, 0 for a named one.
func SlotPosition(s domain.TemplateSlot) int {
	n, _ := strconv.Atoi(s.Name)
	return n
}

// buttonComponents makes one component for each button with a value. A button's variable has a position even in a
// template whose other variables are named.
func buttonComponents(t domain.MessageTemplate, values map[string]string) ([]Component, error) {
	var out []Component
	for _, s := range t.Slots() {
		if s.Part != "button" {
			continue
		}
		if strings.TrimSpace(values[s.Key]) == "" {
			return nil, carrier.NewRefusal("provider.whatsapp.132000")
		}
		c := Component{Type: "button", SubType: t.Buttons[s.Index].Kind, Index: strconv.Itoa(s.Index)}
		p := Parameter{Type: "text", Text: values[s.Key]}
		if c.SubType == "copy_code" {
			p = Parameter{Type: "coupon_code", Coupon: values[s.Key]}
		}
		c.Parameters = []Parameter{p}
		out = append(out, c)
	}
	return out, nil
}
