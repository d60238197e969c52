package chats

import (
	"context"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Conversation is a conversation as its page shows it.
type Conversation struct {
	Row
	Contact     domain.Contact
	Caps        carrier.Capabilities
	WindowUntil time.Time // zero when the channel knows no window
	WindowOpen  bool
	// PersonalUntil is until when, after the window, only what a person writes may be sent; zero when the channel knows
	// no such time.
	PersonalUntil time.Time
	Draft         domain.Draft
	LastInbound   *domain.Message // the customer's last message; nil = none yet
	Seq           uint64          // number of the newest event that had happened when it was read
}

// Read reads one conversation. NotFound for one on a channel that the operator may not use.
func (s *Service) Read(ctx context.Context, who *domain.Operator, id domain.ID) (Conversation, error) {
	row, err := s.findRow(ctx, who, id)
	if err != nil {
		return Conversation{}, err
	}
	c, err := s.connections.Find(ctx, row.ChannelID)
	if err != nil {
		return Conversation{}, err
	}
	out := Conversation{Row: row, Caps: c.Capabilities()}
	out.WindowUntil = row.WindowUntil(out.Caps.Window, out.Caps.WindowMargin)
	out.WindowOpen = row.IsWindowOpen(out.Caps.Window, out.Caps.WindowMargin, s.now())
	out.PersonalUntil = out.Caps.PersonalUntil(&row.Conversation)
	err = s.store.View(ctx, func(tx *store.Tx) error {
		if out.Seq, err = tx.Seq(); err != nil {
			return err
		}
		if out.Contact, err = tx.Contact(row.ContactID); err != nil {
			return err
		}
		if out.Draft, err = tx.Draft(who.ID, id); err != nil {
			return err
		}
		if row.LastInboundID.IsZero() {
			return nil
		}
		m, err := tx.Message(row.LastInboundID)
		out.LastInbound = &m
		return err
	})
	return out, err
}
