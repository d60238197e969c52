package demo

import (
	"context"
	"io"

	"pult/domain"
	"pult/domain/store"
	"pult/providers/simulator/mail"
)

// rememberLetters puts everything that was said by e-mail into the customers' mailboxes.
func rememberLetters(ctx context.Context, o Options) error {
	var past []mail.Letter
	html := map[int]domain.File{} // by place in past
	err := o.Store.View(ctx, func(tx *store.Tx) error {
		c, err := tx.ChannelByKey("demo-mail")
		if err != nil {
			return nil // removed by whoever kept the data
		}
		page, _, err := tx.Page(
			store.ByActivity([]domain.ID{c.ID}),
			"",
			rememberedTalks,
			rememberedTalks,
			func(*domain.Conversation) bool { return true },
		)
		for i := range page {
			if err == nil {
				past, err = listLetters(tx, &page[i], past, html)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for at, f := range html {
		data, err := io.ReadAll(o.Store.OpenFile(ctx, f))
		if err != nil {
			return err
		}
		past[at].HTML = string(data)
	}
	o.Mail.Recall(past)
	return nil
}

// listLetters adds the letters of a conversation, without their files.
func listLetters(
	tx *store.Tx,
	c *domain.Conversation,
	past []mail.Letter,
	html map[int]domain.File,
) ([]mail.Letter, error) {
	list, _, _, err := tx.Messages(c.ID, store.MessageRange{Limit: rememberedMessages})
	if err != nil {
		return past, err
	}
	for _, m := range list {
		if m.Mail == nil || m.VendorID == "" {
			continue // never reached the customer
		}
		l := mail.Letter{
			ID:         m.Mail.MessageID,
			Owner:      c.To.Value,
			Mine:       m.Direction == domain.Incoming,
			From:       m.Mail.From.Address,
			FromName:   m.Mail.From.Name,
			Subject:    m.Mail.Subject,
			Text:       m.Text,
			InReplyTo:  m.Mail.InReplyTo,
			References: m.Mail.References,
			At:         m.At,
		}
		for _, to := range m.Mail.To {
			l.To = append(l.To, to.Address)
		}
		if !m.Mail.HTML.IsZero() {
			if f, err := tx.File(m.Mail.HTML); err == nil {
				html[len(past)] = f
			}
		}
		past = append(past, l)
	}
	return past, nil
}
