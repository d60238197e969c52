package engagelab

import (
	"cmp"
	"strconv"
	"unicode/utf8"

	"pult/providers/simulator/cloudapi"
	"pult/providers/simulator/world"
)

// fillContent fills the message and refuses what the vendor refuses. file is what the message names, nil when it
// could not be had.
func fillContent(s *world.State, m *world.Message, in sendRequest, file *world.File) *refusal {
	switch in.Body.Type {
	case "text":
		m.Text = in.Body.Text.Body
		if length := utf8.RuneCountInString(m.Text); length < 1 || length > 4096 {
			return &refusal{3002, "text.body must have 1 to 4096 characters"}
		}
		return nil
	case "image", "video", "audio", "document", "sticker":
		return fillFile(s, m, in, file)
	case "template":
		return fillTemplate(s, m, in.Body.Template, file)
	}
	return &refusal{3002, "body.type is unknown"}
}

func fillFile(s *world.State, m *world.Message, in sendRequest, file *world.File) *refusal {
	named, kind := in.file(), in.Body.Type
	if named == nil || named.Link == "" {
		return &refusal{3002, kind + ".link is required"}
	}
	if named.Caption != "" && (kind == "audio" || kind == "sticker") {
		return &refusal{3002, "caption is not allowed here"}
	}
	m.Text = named.Caption
	if file == nil {
		return nil // the callback will tell
	}
	if !cloudapi.AcceptsType(kind, file.MIME) || !cloudapi.AcceptsSize(kind, len(file.Data)) {
		return &refusal{3003, "type or size of the file does not fit"}
	}
	file.Name = named.Filename
	keepFile(s, m, *file)
	return nil
}

// keepFile gives a message a file, which the vendor keeps.
func keepFile(s *world.State, m *world.Message, f world.File) {
	f.ID = s.AddFile(m.Number, f)
	m.File = &f
}

// fillTemplate checks the values against the template and renders what the customer reads.
func fillTemplate(s *world.State, m *world.Message, in *sentTemplate, file *world.File) *refusal {
	if in == nil {
		return &refusal{3002, "template is required"}
	}
	t := s.Template(in.Name, in.Language)
	switch {
	case t == nil:
		return &refusal{4001, "no such template"}
	case t.Word != "APPROVED":
		return &refusal{3003, "the template is not approved"}
	}
	values := map[string]string{}
	for _, c := range in.Components {
		for i, p := range c.Parameters {
			values[slotOf(c, i, p)] = cmp.Or(p.Text, "file")
		}
	}
	for _, slot := range t.Slots() {
		if values[slot.Key] == "" {
			return &refusal{3003, "a value of the template is missing: " + slot.Key}
		}
	}
	if len(values) != len(t.Slots()) {
		return &refusal{3003, "more values than variables"}
	}
	m.Template, m.Text = t.Name, t.Render(values)
	if file != nil {
		keepFile(s, m, *file)
	}
	for _, b := range t.Buttons {
		m.Buttons = append(m.Buttons, b.Text)
	}
	return nil
}

// slotOf is the key of the slot that a value is for; values go by their order.
func slotOf(c sentComponent, index int, p sentParameter) string {
	switch {
	case c.Type == "button":
		return "button:" + c.Index + ":" + strconv.Itoa(index+1)
	case p.file() != nil:
		return "header:media"
	}
	return c.Type + ":" + strconv.Itoa(index+1)
}
