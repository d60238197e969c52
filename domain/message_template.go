package domain

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// TemplateStatus is the vendor's verdict on a message template.
type TemplateStatus string

// The verdicts operators see; every vendor's finer word is mapped to one of them.
const (
	TemplateApproved TemplateStatus = "approved"
	TemplatePending  TemplateStatus = "pending"
	TemplateRejected TemplateStatus = "rejected"
	TemplatePaused   TemplateStatus = "paused" // also disabled, archived, deleted: cannot be sent now
)

// MessageTemplate is a message the vendor approved beforehand; it may be sent when the window is closed.
type MessageTemplate struct {
	ChannelID  ID                `cbor:"1,keyasint,omitzero"`
	VendorID   string            `cbor:"2,keyasint,omitzero"`
	Name       string            `cbor:"3,keyasint,omitzero"`
	Language   string            `cbor:"4,keyasint,omitzero"` // the vendor's code with underscore, such as cs or en_US
	Category   string            `cbor:"5,keyasint,omitzero"` // utility, marketing, authentication
	Status     TemplateStatus    `cbor:"6,keyasint,omitzero"`
	Named      bool              `cbor:"7,keyasint,omitzero"` // variables have names instead of positions
	HeaderKind string            `cbor:"8,keyasint,omitzero"` // "", text, image, video, document, location
	Header     string            `cbor:"9,keyasint,omitzero"`
	Body       string            `cbor:"10,keyasint,omitzero"`
	Footer     string            `cbor:"11,keyasint,omitzero"`
	Buttons    []TemplateButton  `cbor:"12,keyasint,omitzero"`
	Examples   map[string]string `cbor:"13,keyasint,omitzero"` // slot → the vendor's example
	SyncedAt   time.Time         `cbor:"14,keyasint,omitzero"`
}

// TemplateButton is a button under a template.
type TemplateButton struct {
	Kind string `cbor:"1,keyasint,omitzero"` // quick_reply, url, phone_number, copy_code, other
	Text string `cbor:"2,keyasint,omitzero"`
	URL  string `cbor:"3,keyasint,omitzero"` // may hold one variable at its end
}

// TemplateSlot is a value a person must give before the template can be sent.
type TemplateSlot struct {
	Key   string // unique in the form: header:den, body:1, button:0:1
	Part  string // header, body, button
	Name  string // the variable as the vendor writes it: den or 1
	Index int    // of the button
	Media string // for a header that is a file: image, video, document
}

var variable = regexp.MustCompile(`\{\{\s*([A-Za-z0-9_]+)\s*\}\}`)

// Slots lists every value the template needs, in the order of the form.
func (t *MessageTemplate) Slots() []TemplateSlot {
	var slots []TemplateSlot
	switch t.HeaderKind {
	case "text":
		slots = append(slots, slotsIn("header", t.Header, 0)...)
	case "image", "video", "document":
		slots = append(slots, TemplateSlot{
			Key:   "header:media",
			Part:  "header",
			Name:  t.HeaderKind,
			Media: t.HeaderKind,
		})
	}
	slots = append(slots, slotsIn("body", t.Body, 0)...)
	for i, b := range t.Buttons {
		switch b.Kind {
		case "url":
			slots = append(slots, slotsIn("button", b.URL, i)...)
		case "copy_code":
			slots = append(slots, TemplateSlot{Key: buttonKey(i, "code"), Part: "button", Name: "code", Index: i})
		}
	}
	return slots
}

func slotsIn(part, text string, index int) []TemplateSlot {
	var out []TemplateSlot
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		key := part + ":" + m[1]
		if part == "button" {
			key = buttonKey(index, m[1])
		}
		if !slices.ContainsFunc(out, func(s TemplateSlot) bool { return s.Key == key }) {
			out = append(out, TemplateSlot{Key: key, Part: part, Name: m[1], Index: index})
		}
	}
	return out
}

func buttonKey(index int, name string) string {
	return "button:" + strconv.Itoa(index) + ":" + name
}

// IsAdvertising reports whether the vendor counts the template as advertising, which a customer may refuse.
func (t *MessageTemplate) IsAdvertising() bool { return strings.EqualFold(t.Category, "marketing") }

// CanBeSent reports whether the template may be sent with what this desk can fill in.
func (t *MessageTemplate) CanBeSent() bool {
	return t.Status == TemplateApproved && t.HeaderKind != "location"
}

// FillTemplate puts values into a part of the template; a variable without a value stays as written.
func FillTemplate(part, text string, index int, values map[string]string) string {
	return variable.ReplaceAllStringFunc(text, func(m string) string {
		name := variable.FindStringSubmatch(m)[1]
		key := part + ":" + name
		if part == "button" {
			key = buttonKey(index, name)
		}
		if v := values[key]; v != "" {
			return v
		}
		return m
	})
}

// Render is the template's text with the values, as the customer will read it: header, body, footer.
func (t *MessageTemplate) Render(values map[string]string) string {
	parts := []string{}
	if t.HeaderKind == "text" {
		parts = append(parts, FillTemplate("header", t.Header, 0, values))
	}
	parts = append(parts, FillTemplate("body", t.Body, 0, values))
	if t.Footer != "" {
		parts = append(parts, t.Footer)
	}
	return strings.Join(parts, "\n\n")
}

// MaxTemplateValue is how long one value may be, in characters: no vendor takes a longer message made from a template.
const MaxTemplateValue = 1024

// CheckValues names every value that is missing or that the vendor would refuse: newlines, tabs and more than four
// spaces in a row are not allowed in a variable.
func (t *MessageTemplate) CheckValues(values map[string]string) error {
	f := FieldErrors{}
	for _, s := range t.Slots() {
		v := values[s.Key]
		switch {
		case strings.TrimSpace(v) == "":
			f.Add(s.Key, "error.field.required")
		case s.Media == "" && (strings.ContainsAny(v, "\n\r\t") || strings.Contains(v, "     ")):
			f.Add(s.Key, "error.field.template_value")
		case utf8.RuneCountInString(v) > MaxTemplateValue:
			f.Add(s.Key, "error.field.too_long")
		}
	}
	return f.Err()
}

// SlotValues are the values the template has a place for.
func (t *MessageTemplate) SlotValues(values map[string]string) map[string]string {
	kept := map[string]string{}
	for _, s := range t.Slots() {
		kept[s.Key] = values[s.Key]
	}
	return kept
}

// TemplateUse is a template as it was sent, with its values.
type TemplateUse struct {
	Name     string            `cbor:"1,keyasint,omitzero"`
	Language string            `cbor:"2,keyasint,omitzero"`
	Values   map[string]string `cbor:"3,keyasint,omitzero"`
	Buttons  []string          `cbor:"4,keyasint,omitzero"` // their texts, for the bubble
}
