package graph

import (
	"cmp"
	"strconv"
	"strings"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// fillTemplate checks the values against the template and renders what the customer reads.
func fillTemplate(s *world.State, n world.Number, m *world.Message, in *sentTemplate) *refusal {
	if in == nil {
		return &refusal{code: 131008, details: "template is missing"}
	}
	t := s.Template(in.Name, in.Language.Code)
	if t == nil || (t.Word != "APPROVED" && t.Word != "PAUSED") {
		return &refusal{code: 132001, details: "template name (" + in.Name + ") does not exist in " + in.Language.Code}
	}
	if t.Word == "PAUSED" {
		return &refusal{code: 132015}
	}
	values := map[string]string{}
	for _, c := range in.Components {
		if bad := readValues(s, n, m, t, c, values); bad != nil {
			return bad
		}
	}
	for _, slot := range t.Slots() {
		if values[slot.Key] == "" {
			return &refusal{
				code:    132000,
				details: slot.Part + ": number of localizable_params does not match the expected number of params",
			}
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

// readValues reads the values of one component into the slots of the template.
func readValues(
	s *world.State, n world.Number, m *world.Message, t *world.Template, c sentComponent, values map[string]string,
) *refusal {
	for i, p := range c.Parameters {
		file := cmp.Or(p.Image, p.Video, p.Document)
		switch {
		case c.Type == "button" && c.SubType == "copy_code":
			values["button:"+c.Index+":code"] = p.Coupon
		case c.Type == "button":
			values["button:"+c.Index+":"+strconv.Itoa(i+1)] = p.Text
		case file != nil:
			stored, ok := s.File(file.ID)
			if !ok || stored.Number != n.ID || t.HeaderKind != p.Type ||
				!cloudapi.AcceptsType(p.Type, stored.File.MIME) {
				return &refusal{code: 132012, details: "header: format mismatch"}
			}
			m.File, values["header:media"] = &stored.File, file.ID
		case t.Named && p.Name == "":
			return &refusal{code: 132012, details: c.Type + ": parameter_name is missing"}
		case strings.ContainsAny(p.Text, "\n\t") || strings.Contains(p.Text, "     "):
			return &refusal{code: 132018, details: "newlines, tabs and more than four spaces are not allowed"}
		default:
			values[c.Type+":"+cmp.Or(p.Name, strconv.Itoa(i+1))] = p.Text
		}
	}
	return nil
}
