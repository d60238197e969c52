package demo

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"time"

	"pult/domain"
	"pult/domain/store"
)

// fullBatch is when a transaction is committed before the next conversation: the longest one fits into what is left of
// kv.MaxTxnOps.
const fullBatch = 400

// conversations writes all talks, a batch of whole conversations at a time.
func (s *seed) conversations(ctx context.Context) error {
	all := s.plans()
	files := map[domain.ID]domain.File{}
	for _, p := range all {
		if err := s.storeFiles(ctx, p, files); err != nil {
			return err
		}
	}
	for next := 0; next < len(all); {
		done := next
		err := s.Store.Update(ctx, func(tx *store.Tx) error {
			for done = next; done < len(all) && tx.Ops() < fullBatch; done++ {
				if err := s.write(tx, all[done], files); err != nil {
					return fmt.Errorf("conversation %d: %w", all[done].number, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		next = done
	}
	return nil
}

// storeFiles stores the files of a talk and names them in its messages.
func (s *seed) storeFiles(ctx context.Context, p *plan, files map[domain.ID]domain.File) error {
	spoken := 0
	for i := range p.messages {
		m := &p.messages[i]
		if m.ActivityCode == "activity.request_created" {
			continue // has no line of its own
		}
		l := p.said[spoken]
		spoken++
		if err := s.storeHTML(ctx, p, m, l.html, files); err != nil {
			return err
		}
		if l.file == nil {
			continue
		}
		data, drawn := s.files[l.file.name]
		if !drawn {
			data = l.file.make()
			s.files[l.file.name] = data
		}
		f := domain.File{ConversationID: p.id, Name: l.file.name, MIME: l.file.mime}
		if err := s.Store.WriteFile(ctx, &f, bytes.NewReader(data), int64(len(data))); err != nil {
			return err
		}
		files[f.ID] = f
		m.Attachments = []domain.Attachment{{
			FileID: f.ID, State: domain.FileStored, Name: f.Name, MIME: f.MIME, Size: f.Size, Voice: m.Kind == domain.KindVoice,
		}}
	}
	return nil
}

// write stores one talk.
func (s *seed) write(tx *store.Tx, p *plan, files map[domain.ID]domain.File) error {
	firm, err := tx.EnsureCompany(p.with.company)
	if err != nil {
		return err
	}
	p.contact.CompanyID, p.contact.Company = firm.ID, firm.Name
	if err := tx.PutContact(&p.contact); err != nil {
		return err
	}
	if err := p.visit(tx); err != nil {
		return err
	}
	c := s.summary(p)
	for i := range p.messages {
		m := &p.messages[i]
		for _, id := range filesOf(m) {
			f := files[id]
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
	if err := s.figures(tx, p, &c); err != nil {
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

// summary makes the row of the chats table as the use cases would have left it.
func (s *seed) summary(p *plan) domain.Conversation {
	first := p.messages[0]
	c := domain.Conversation{
		ID: p.id, Number: p.number, ChannelID: p.channel.ID, ContactID: p.contact.ID, To: p.contact.Identities[0],
		Name: p.contact.Title(), Address: address(&p.contact), Tags: p.tags, CreatedAt: first.At,
	}
	if first.Mail != nil {
		c.Subject = domain.BaseSubject(first.Mail.Subject)
	}
	for i := range p.messages {
		s.hear(&c, &p.messages[i])
	}
	c.Assignee = s.operatorID(cmp.Or(p.assignee, p.lastAnswerer()))
	c.Status = cmp.Or(p.status, domain.StatusOpen)
	if c.LastOperator.IsZero() && p.status == "" {
		c.Status = domain.StatusNew
	}
	if p.quiet {
		p.needsNoReply(c.LastInboundID)
	}
	if p.quiet || c.Status.IsDone() {
		c.WaitingSince, c.Unread = time.Time{}, 0
	}
	if p.seen {
		c.Unread = 0
	}
	return c
}

// address is what stands under the name of a conversation.
func address(c *domain.Contact) string {
	if c.Username != "" {
		return cmp.Or(c.Phone(), "@"+c.Username)
	}
	return cmp.Or(c.Phone(), c.Mail())
}

// hear moves the row on by one message.
func (s *seed) hear(c *domain.Conversation, m *domain.Message) {
	if m.Direction == domain.Activity {
		return
	}
	c.MessageCount++
	c.LastMessage, c.ActiveAt = m.Glance(), m.At
	if m.Direction == domain.Incoming {
		c.LastInbound, c.LastInboundID = m.VendorAt, m.ID
		if m.Call != nil && m.Call.State != domain.CallMissed {
			c.WaitingSince, c.Unread = time.Time{}, 0
			return
		}
		c.Unread++
		if !c.IsWaiting() {
			c.WaitingSince = m.At
		}
		return
	}
	if m.Author.Kind == domain.ByOperator {
		c.LastOperator = m.Author.Operator
		if c.FirstResponseIn == 0 && c.IsWaiting() {
			c.FirstResponseIn = m.At.Sub(c.WaitingSince)
		}
	}
	c.WaitingSince, c.Unread = time.Time{}, 0
}

func (p *plan) needsNoReply(id domain.ID) {
	for i := range p.messages {
		if p.messages[i].ID == id {
			p.messages[i].NoReply = true
		}
	}
}

// shift is how far back the operators' day reaches in the demo, so that its figures are alive at whatever time it starts.
const shift = 12 * time.Hour

// figures notes who led the conversation on which day, and how soon the first answer came.
func (s *seed) figures(tx *store.Tx, p *plan, c *domain.Conversation) error {
	first := true
	for _, m := range p.messages {
		if m.Author.Kind != domain.ByOperator {
			continue
		}
		day := s.day(m.At)
		if err := tx.NoteLed(m.Author.Operator, c.ID, day); err != nil {
			return err
		}
		if !first || c.FirstResponseIn == 0 {
			continue
		}
		first = false
		if err := tx.AddFirstResponse(m.Author.Operator, day, c.FirstResponseIn); err != nil {
			return err
		}
	}
	return nil
}

// day is the calendar day a moment counts for in the operators' zone: today for the whole last shift, else its own, but
// never today for what is older.
func (s *seed) day(at time.Time) string {
	const form = "20060102"
	today, own := s.Now.Format(form), at.In(s.Now.Location()).Format(form)
	switch {
	case s.Now.Sub(at) < shift:
		return today
	case own == today:
		return s.Now.AddDate(0, 0, -1).Format(form)
	}
	return own
}
