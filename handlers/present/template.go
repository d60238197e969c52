package present

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pult/domain"
	"pult/views"
)

// TemplateValuePrefix begins the names of the inputs that hold a template's values.
const TemplateValuePrefix = "v."

// templatesShown is how many templates are shown at a time: a vendor keeps some thousands of an account.
const templatesShown = 50

// TemplatesQuery is what part of a channel's templates is asked for.
type TemplatesQuery struct {
	Text string // words that name or text contain
	From int    // how many are shown already
}

// ReadTemplatesQuery reads q and from of an address; nonsense is the beginning.
func ReadTemplatesQuery(q url.Values) TemplatesQuery {
	from, err := strconv.Atoi(q.Get("from"))
	if err != nil || from < 0 {
		from = 0
	}
	return TemplatesQuery{Text: q.Get("q"), From: from}
}

// TemplateList is a page of a channel's templates that match a search: those that may be sent first, then by name. base
// is where its parts are asked, with extra in their addresses.
func (p Presenter) TemplateList(
	all []domain.MessageTemplate,
	q TemplatesQuery,
	base string,
	extra url.Values,
) views.TemplateListView {
	v := views.TemplateListView{Path: joinQuery(base+"/list", extra.Encode()), Text: q.Text, Begins: q.From == 0}
	found := slices.DeleteFunc(slices.Clone(all), func(t domain.MessageTemplate) bool { return !isTemplateMatch(t, q.Text) })
	slices.SortStableFunc(found, func(a, b domain.MessageTemplate) int {
		return cmp.Or(
			-compareBool(a.CanBeSent(), b.CanBeSent()),
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Language, b.Language),
		)
	})
	end := min(q.From+templatesShown, len(found))
	if end < len(found) {
		more := url.Values{"from": {strconv.Itoa(end)}}
		maps.Copy(more, extra)
		if q.Text != "" {
			more.Set("q", q.Text)
		}
		v.More = joinQuery(base+"/list", more.Encode())
	}
	for _, t := range found[min(q.From, end):end] {
		v.Templates = append(v.Templates, p.showTemplateRow(t, base, extra))
	}
	return v
}

func (p Presenter) showTemplateRow(t domain.MessageTemplate, base string, extra url.Values) views.TemplateRow {
	q := url.Values{"name": {t.Name}, "language": {t.Language}}
	maps.Copy(q, extra)
	return views.TemplateRow{
		Name:     t.Name,
		Language: t.Language,
		Category: strings.ToLower(t.Category),
		Status:   t.Status,
		Custom:   len(t.Slots()) > 0,
		Sendable: t.CanBeSent(),
		Reason:   p.explainTemplate(t),
		Preview:  domain.Clip(strings.Join(strings.Fields(t.Body), " "), 120),
		Form:     base + "/form?" + q.Encode(),
	}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func isTemplateMatch(t domain.MessageTemplate, text string) bool {
	all := strings.ToLower(t.Name + " " + t.Language + " " + t.Category + " " + t.Header + " " + t.Body)
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if !strings.Contains(all, word) {
			return false
		}
	}
	return true
}

// explainTemplate says why a template cannot be sent.
func (p Presenter) explainTemplate(t domain.MessageTemplate) string {
	switch {
	case t.CanBeSent():
		return ""
	case t.Status == domain.TemplatePending:
		return p.Words.T("template.reason.pending")
	case t.Status == domain.TemplateRejected:
		return p.Words.T("template.reason.rejected")
	case t.HeaderKind == "location":
		return p.Words.T("template.reason.location")
	}
	return p.Words.T("template.reason.paused")
}

// templateFileTypes are the types of file that a template's header takes.
var templateFileTypes = map[string]string{
	"image":    "image/png,image/jpeg",
	"video":    "video/mp4,video/3gpp",
	"document": "application/pdf,application/msword,application/vnd.openxmlformats-officedocument.wordprocessingml.document,application/vnd.ms-excel,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/plain",
}

// TemplateForm is the form with every value of the template; sentences are its faults by slot.
func (p Presenter) TemplateForm(t domain.MessageTemplate, values, sentences map[string]string) views.TemplateFormView {
	v := views.TemplateFormView{Name: t.Name, Language: t.Language, Shown: TemplatePreview(t, values)}
	for _, s := range t.Slots() {
		slot := views.SlotView{
			Input:   TemplateValuePrefix + s.Key,
			Label:   views.SlotLabel{Words: chooseSlotKey(s), Name: s.Name},
			Value:   values[s.Key],
			Example: t.Examples[s.Key],
			Media:   s.Media,
			Error:   sentences[s.Key],
		}
		if s.Media != "" {
			slot.Accept = templateFileTypes[s.Media]
		}
		v.Slots = append(v.Slots, slot)
	}
	return v
}

func chooseSlotKey(s domain.TemplateSlot) string {
	switch {
	case s.Media != "":
		return "template.slot.file"
	case s.Part == "header":
		return "template.slot.header"
	case s.Part == "button":
		return "template.slot.button"
	}
	return "template.slot.body"
}

// TemplatePreview is the message as the customer will read it, with the places marked that values stand in.
func TemplatePreview(t domain.MessageTemplate, values map[string]string) views.TemplatePreview {
	v := views.TemplatePreview{Body: cutPieces("body", t.Body, values), Footer: t.Footer}
	switch t.HeaderKind {
	case "text":
		v.Header = cutPieces("header", t.Header, values)
	case "image", "video", "document":
		v.Media = t.HeaderKind
	}
	for _, b := range t.Buttons {
		v.Buttons = append(v.Buttons, b.Text)
	}
	return v
}

// cutPieces cuts a part of a template at its variables.
func cutPieces(part, text string, values map[string]string) []views.PreviewPiece {
	var out []views.PreviewPiece
	for text != "" {
		from := strings.Index(text, "{{")
		to := strings.Index(text, "}}")
		if from < 0 || to < from {
			return append(out, views.PreviewPiece{Text: text})
		}
		if from > 0 {
			out = append(out, views.PreviewPiece{Text: text[:from]})
		}
		variable := text[from : to+2]
		if v := values[part+":"+strings.TrimSpace(strings.Trim(variable, "{}"))]; v != "" {
			out = append(out, views.PreviewPiece{Text: v, Filled: true})
		} else {
			out = append(out, views.PreviewPiece{Text: variable, Open: true})
		}
		text = text[to+2:]
	}
	return out
}
