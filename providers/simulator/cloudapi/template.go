package cloudapi

import (
	"strings"

	"pult/providers/simulator/world"
)

// WriteTemplate is a template in WhatsApp's form.
func WriteTemplate(t world.Template) map[string]any {
	format := "POSITIONAL"
	if t.Named {
		format = "NAMED"
	}
	components := []any{}
	if t.HeaderKind != "" {
		header := map[string]any{"type": "HEADER", "format": strings.ToUpper(t.HeaderKind)}
		if t.HeaderKind == "text" {
			header["text"], header["example"] = t.Header, writeExamples(t, "header")
		}
		components = append(components, header)
	}
	components = append(components, map[string]any{"type": "BODY", "text": t.Body, "example": writeExamples(t, "body")})
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
		"id": t.VendorID, "name": t.Name, "language": t.Language, "status": t.Word,
		"category":         strings.ToUpper(t.Category),
		"parameter_format": format, "components": components,
	}
}

// writeExamples is one of WhatsApp's four shapes of examples.
func writeExamples(t world.Template, part string) map[string]any {
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
