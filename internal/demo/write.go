package demo

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"pult/domain"
	"pult/domain/store"
	"pult/internal/demo/talks"
)

// fullBatch is when a transaction is committed before the next conversation: the longest one fits into what is left of
// kv.MaxTxnOps.
const fullBatch = 400

// writer stores plans.
type writer struct {
	store *store.Store
	now   time.Time
	files map[domain.ID]domain.File // stored and not yet claimed by their messages
	bytes map[string][]byte         // of the files of the scripts by name, each made once
}

func newWriter(o Options) *writer {
	return &writer{store: o.Store, now: o.Now, files: map[domain.ID]domain.File{}, bytes: map[string][]byte{}}
}

// writeAll stores all plans, a batch of whole conversations at a time.
func (w *writer) writeAll(ctx context.Context, all []*plan) error {
	for _, p := range all {
		for i := range p.messages {
			if err := w.storeFiles(ctx, &p.messages[i]); err != nil {
				return err
			}
		}
	}
	for next := 0; next < len(all); {
		reached := next
		err := w.store.Update(ctx, func(tx *store.Tx) error {
			for reached = next; reached < len(all) && tx.Ops() < fullBatch; reached++ {
				if err := w.writePlan(tx, all[reached]); err != nil {
					return fmt.Errorf("conversation %d: %w", all[reached].number, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		next = reached
	}
	return nil
}

// storeFiles stores the files of a message and names them in it.
func (w *writer) storeFiles(ctx context.Context, m *plannedMessage) error {
	if m.html != "" {
		f, err := w.storeFile(ctx, m.ConversationID, "letter.html", "text/html", []byte(m.html))
		if err != nil {
			return err
		}
		m.Mail.HTML = f.ID
	}
	if m.file == nil {
		return nil
	}
	f, err := w.storeFile(ctx, m.ConversationID, m.file.Name, m.file.MIME, w.bytesOf(m.file))
	if err != nil {
		return err
	}
	m.Attachments = []domain.Attachment{{
		FileID: f.ID,
		State:  domain.FileStored,
		Name:   f.Name,
		MIME:   f.MIME,
		Size:   f.Size,
		Voice:  m.Kind == domain.KindVoice,
	}}
	return nil
}

// bytesOf makes a file of the scripts, or gives it as it was made before.
func (w *writer) bytesOf(f *talks.File) []byte {
	data, made := w.bytes[f.Name]
	if !made {
		data = f.Make()
		w.bytes[f.Name] = data
	}
	return data
}

func (w *writer) storeFile(
	ctx context.Context,
	conversation domain.ID,
	name, mime string,
	data []byte,
) (domain.File, error) {
	f := domain.File{ConversationID: conversation, Name: name, MIME: mime}
	if err := w.store.WriteFile(ctx, &f, bytes.NewReader(data), int64(len(data))); err != nil {
		return f, err
	}
	w.files[f.ID] = f
	return f, nil
}

// writePlan stores one talk.
func (w *writer) writePlan(tx *store.Tx, p *plan) error {
	firm, err := tx.EnsureCompany(p.talk.With.Company)
	if err != nil {
		return err
	}
	p.contact.CompanyID, p.contact.Company = firm.ID, firm.Name
	if err := tx.PutContact(&p.contact); err != nil {
		return err
	}
	if err := p.storeVisitor(tx); err != nil {
		return err
	}
	c := p.makeConversation()
	for i := range p.messages {
		m := &p.messages[i].Message
		for _, id := range filesOf(m) {
			f := w.files[id]
			if err := tx.ClaimFile(&f); err != nil {
				return err
			}
		}
		if err := tx.PutMessage(m, p.channel.Short); err != nil {
			return err
		}
	}
	for _, r := range p.requests {
		r.CompanyID, r.Company = firm.ID, firm.Name
		if err := tx.PutRequest(r, p.channel.Short); err != nil {
			return err
		}
	}
	if err := noteFigures(tx, p, &c, w.now); err != nil {
		return err
	}
	return tx.PutConversation(&c, p.channel)
}

// filesOf are the files a message names.
func filesOf(m *domain.Message) (ids []domain.ID) {
	for _, a := range m.Attachments {
		ids = append(ids, a.FileID)
	}
	if m.Mail != nil && !m.Mail.HTML.IsZero() {
		ids = append(ids, m.Mail.HTML)
	}
	return ids
}

// storeVisitor keeps somebody who chats on the shop's page as a visitor, under the id that their contact has.
func (p *plan) storeVisitor(tx *store.Tx) error {
	if p.channel.Key != WebChatKey {
		return nil
	}
	return tx.PutVisitor(&domain.Visitor{
		ID:        p.contact.ID,
		ChannelID: p.channel.ID,
		Name:      p.contact.Name,
		Language:  p.contact.Language,
		CreatedAt: p.contact.CreatedAt,
	})
}
