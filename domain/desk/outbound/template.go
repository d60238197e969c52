package outbound

import (
	"maps"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// TemplateChoice is a vendor-approved template with its values by slot.
type TemplateChoice struct {
	Name     string
	Language string
	Values   map[string]string
	File     domain.ID // for a header that is a file
}

// newTemplateMessage makes the one message of a reply by a template. Invalid when the template is gone, not approved,
// or a value is missing.
func newTemplateMessage(
	tx *store.Tx,
	who *domain.Operator,
	c *carrier.Connection,
	conversation *domain.Conversation,
	r Reply,
) (domain.Message, error) {
	m := thread.NewOutgoing(tx, who, conversation)
	m.ID = r.ID
	t, err := tx.MessageTemplate(c.Channel.ID, r.Template.Name, r.Template.Language)
	if err != nil {
		return m, domain.Refuse(domain.Invalid, "error.template_gone").Because(err)
	}
	if !t.CanBeSent() {
		return m, domain.Refuse(domain.Invalid, "error.template_not_approved")
	}
	if err := thread.RequireConsent(conversation, t.IsAdvertising()); err != nil {
		return m, err
	}
	values := r.Template.Values
	if !r.Template.File.IsZero() {
		f, err := files.FindOwnUpload(tx, who, conversation.ID, r.Template.File)
		if err != nil {
			return m, err
		}
		if err := tx.ClaimFile(&f); err != nil {
			return m, err
		}
		m.Attachments = []domain.Attachment{files.NewAttachment(f)}
		values = withValue(values, "header:media", f.Name)
	}
	if err := t.CheckValues(values); err != nil {
		return m, err
	}
	values = t.SlotValues(values)
	m.Kind, m.Text = domain.KindTemplate, t.Render(values)
	m.Template = &domain.TemplateUse{Name: t.Name, Language: t.Language, Values: values}
	for _, b := range t.Buttons {
		m.Template.Buttons = append(m.Template.Buttons, b.Text)
	}
	return m, nil
}

// withValue is a copy of values with one more.
func withValue(values map[string]string, key, value string) map[string]string {
	out := map[string]string{}
	maps.Copy(out, values)
	out[key] = value
	return out
}
