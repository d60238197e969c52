package demo

import (
	"cmp"
	"context"
	"io"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/demo/talks"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
)

// How much of a desk that was kept the telephones remember.
const (
	rememberedTalks    = 300     // conversations
	rememberedMessages = 200     // of each, the newest
	rememberedFile     = 4 << 20 // bytes; a larger file is shown by its name only
)

// rememberMessages tells the simulated vendors everything that was said on their numbers.
func rememberMessages(ctx context.Context, o Options) error {
	m := &memory{numbers: map[domain.ID]string{}, people: map[domain.ID]bool{}}
	if err := o.Store.View(ctx, func(tx *store.Tx) error { return m.read(tx, o.Simulator) }); err != nil {
		return err
	}
	for _, f := range m.files {
		data, err := io.ReadAll(o.Store.OpenFile(ctx, f.stored))
		if err != nil {
			return err
		}
		m.past.Messages[f.message].File.Data = data
	}
	return o.Simulator.World.Import(m.past)
}

// memory collects the past of the telephones.
type memory struct {
	past    world.Past
	numbers map[domain.ID]string // vendor's number by channel
	people  map[domain.ID]bool   // contacts that are customers already
	files   []rememberedBytes
}

// rememberedBytes is a file still to be read, and the message it belongs to.
type rememberedBytes struct {
	message int
	stored  domain.File
}

func (m *memory) read(tx *store.Tx, sim *simulator.Simulator) error {
	all, err := tx.Channels()
	if err != nil {
		return err
	}
	var ids []domain.ID
	for _, n := range sim.World.Numbers() {
		for _, c := range all {
			if c.Account == n.ID || c.Key == n.ID {
				m.numbers[c.ID] = n.ID
				ids = append(ids, c.ID)
			}
		}
	}
	page, _, err := tx.Page(
		store.ByActivity(ids),
		"",
		rememberedTalks,
		rememberedTalks,
		func(*domain.Conversation) bool { return true },
	)
	for i := range page {
		if err == nil {
			err = m.addConversation(tx, &page[i])
		}
	}
	return err
}

func (m *memory) addConversation(tx *store.Tx, c *domain.Conversation) error {
	contact, err := tx.Contact(c.ContactID)
	if err != nil {
		return err
	}
	m.addCustomer(&contact)
	list, _, _, err := tx.Messages(c.ID, store.MessageRange{Limit: rememberedMessages})
	if err != nil {
		return err
	}
	unread := c.Unread
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Direction == domain.Activity || list[i].VendorID == "" || list[i].Call != nil {
			continue // never reached the vendor, or cannot be read again
		}
		read := unread <= 0
		if list[i].Direction == domain.Incoming {
			unread--
		}
		if err := m.addMessage(tx, &list[i], contact.ID, read); err != nil {
			return err
		}
	}
	return nil
}

// addCustomer remembers who somebody is.
func (m *memory) addCustomer(c *domain.Contact) {
	if m.people[c.ID] {
		return
	}
	m.people[c.ID] = true
	out := world.Customer{ID: c.ID.String(), Name: c.Name, Phone: c.Phone(), Username: c.Username}
	for _, i := range c.Identities {
		if i.Kind == domain.UserIdentity {
			out.UserID = i.Value
		}
	}
	out.Name = cmp.Or(out.Name, c.Username, c.Phone())
	m.past.Customers = append(m.past.Customers, out)
}

// addMessage remembers one thing that was said.
func (m *memory) addMessage(tx *store.Tx, in *domain.Message, contact domain.ID, read bool) error {
	out := world.Message{
		ID:           in.VendorID,
		Number:       m.numbers[in.ChannelID],
		Customer:     contact.String(),
		FromCustomer: in.Direction == domain.Incoming,
		Echo:         in.Author.Kind == domain.ByPhone,
		Kind:         in.Kind,
		Text:         in.Text,
		Location:     in.Location,
		Cards:        in.Cards,
		ReplyTo:      in.ReplyToVendor,
		At:           in.At,
		State:        in.State,
		Edits:        len(in.Edited),
		Deleted:      in.Deleted,
	}
	if out.FromCustomer {
		out.ReadByDesk = read
	}
	if in.Choice != nil {
		out.Choice = in.Choice.ID
	}
	if in.Template != nil {
		out.Template, out.Buttons = in.Template.Name, in.Template.Buttons
	}
	if in.Failure != nil && in.Failure.Code == talks.Unreachable.Code {
		out.FailCode = unreachableNumber
	}
	for _, r := range in.Reactions {
		if r.From == domain.Incoming {
			out.ByCustomer = r.Emoji
		} else {
			out.ByDesk = r.Emoji
		}
	}
	if err := m.addFile(tx, in, &out); err != nil {
		return err
	}
	m.past.Messages = append(m.past.Messages, out)
	return nil
}

const unreachableNumber = 131026

func (m *memory) addFile(tx *store.Tx, in *domain.Message, out *world.Message) error {
	if len(in.Attachments) == 0 {
		return nil
	}
	a := in.Attachments[0]
	out.File = &world.File{ID: a.VendorID, Name: a.Name, MIME: a.MIME, Voice: a.Voice}
	if a.State != domain.FileStored || a.Size > rememberedFile {
		return nil
	}
	f, err := tx.File(a.FileID)
	if err != nil {
		return err
	}
	m.files = append(m.files, rememberedBytes{len(m.past.Messages), f})
	return nil
}
