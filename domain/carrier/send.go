package carrier

import (
	"context"
	"unicode/utf8"

	"pult/domain"
)

// Send checks the message against what the channel can do and hands it to the vendor.
func (c *Connection) Send(ctx context.Context, m Outgoing) (Receipt, error) {
	if err := c.Check(m); err != nil {
		return Receipt{}, err
	}
	limit := RequestTimeout
	if m.Media != nil || len(m.Files) > 0 {
		limit = FileTimeout
	}
	return runRequest(ctx, c, limit, func(ctx context.Context) (Receipt, error) { return c.driver.Send(ctx, m) })
}

// Check refuses what the channel cannot carry, before anything is stored or sent.
func (c *Connection) Check(m Outgoing) error {
	switch {
	case m.Kind == domain.KindTemplate && !c.caps.Templates,
		m.Kind == domain.KindReaction && !c.caps.Reactions,
		m.Kind == domain.KindLocation && !c.caps.Locations,
		m.Kind == domain.KindContacts && !c.caps.Cards,
		c.caps.Calls: // a telephone channel carries nothing that is written
		return refuseUnsupported()
	case m.Kind == domain.KindText && isTooLong(m.Text, c.caps.TextLength),
		m.Media != nil && isTooLong(m.Text, c.caps.CaptionLength):
		return NewRefusal("provider.too_long")
	}
	total := int64(0)
	for i := range m.Files {
		if err := c.CheckFile(&m.Files[i]); err != nil {
			return err
		}
		total += m.Files[i].Size
	}
	if c.caps.FilesTotal > 0 && total > c.caps.FilesTotal {
		return NewRefusal("provider.files_total")
	}
	return c.CheckFile(m.Media)
}

func isTooLong(s string, limit int) bool { return limit > 0 && utf8.RuneCountInString(s) > limit }

// CheckFile refuses a file of a type or size the channel does not take; nil is no file.
func (c *Connection) CheckFile(m *OutgoingMedia) error {
	if m == nil {
		return nil
	}
	rule, ok := c.caps.RuleFor(m.MIME)
	if !ok {
		return NewRefusal("provider.file_type")
	}
	if m.Size > rule.MaxSize {
		return NewRefusal("provider.file_size")
	}
	return nil
}
