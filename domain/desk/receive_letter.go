package desk

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/store"
)

// Bounds of what a message keeps of a letter; all of it lies in the file of the whole letter. A message is one value of the store.
const (
	letterText   = 100 << 10 // bytes
	letterQuoted = 60 << 10  // bytes
	letterPeople = 60        // recipients and copies, of each
	letterIDs    = 60        // references
	letterID     = 998       // bytes of one id: the longest line of a letter
	letterFiles  = 100       // attachments
	partiesKept  = 200       // addresses of a conversation
)

// keepLetters stores what of a delivery is kept as files, before the transaction that names them: they may be larger than one can
// hold. Files that no message names in the end are swept like uploads that were never sent.
func (d *Desk) keepLetters(ctx context.Context, e *domain.JournalEntry, b *carrier.Batch) error {
	for i := range b.Messages {
		in := &b.Messages[i]
		if in.Mail == nil {
			continue
		}
		shorten(in)
		seen, err := d.seen(ctx, e.ChannelID, in.VendorID)
		if err != nil {
			return err
		}
		if seen {
			continue
		}
		if in.Source {
			if in.Mail.Source, err = d.keepFile(ctx, letterName(in.Mail), "message/rfc822", bytes.NewReader(e.Body), len(e.Body)); err != nil {
				return err
			}
		}
		if in.HTML != "" {
			if in.Mail.HTML, err = d.keepFile(ctx, "letter.html", "text/html", strings.NewReader(in.HTML), len(in.HTML)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Desk) seen(ctx context.Context, channel domain.ID, vendorID string) (seen bool, err error) {
	err = d.store.View(ctx, func(tx *store.Tx) (err error) {
		_, seen, err = tx.MessageByVendorID(channel, vendorID)
		return err
	})
	return seen, err
}

func (d *Desk) keepFile(ctx context.Context, name, mime string, r io.Reader, size int) (domain.ID, error) {
	f := domain.File{Name: name, MIME: mime}
	err := d.store.WriteFile(ctx, &f, r, int64(size))
	return f.ID, err
}

// letterName is under which name the whole letter is saved.
func letterName(m *domain.Mail) string {
	if name := cleanName(strings.NewReplacer("/", "-", `\`, "-").Replace(m.Subject)); name != "" {
		return domain.Clip(name, 80) + ".eml"
	}
	return "letter.eml"
}

// shorten cuts a letter to what a message can keep. Addresses are compared in lower case: people write theirs in many ways.
func shorten(in *carrier.InboundMessage) {
	m := in.Mail
	for i, id := range in.Contact.Identities {
		if id.Kind == domain.MailIdentity {
			in.Contact.Identities[i].Value = domain.NormalEmail(id.Value)
		}
	}
	in.Text, m.Quoted = firstBytes(in.Text, letterText), firstBytes(m.Quoted, letterQuoted)
	m.Subject = domain.Clip(strings.Join(strings.Fields(m.Subject), " "), 500)
	m.To, m.Cc = first(m.To, letterPeople), first(m.Cc, letterPeople)
	m.References = m.References[max(0, len(m.References)-letterIDs):]
	m.References = slices.DeleteFunc(m.References, func(id string) bool { return len(id) > letterID })
	m.MessageID, m.InReplyTo = whole(m.MessageID), whole(m.InReplyTo)
	in.Attachments = first(in.Attachments, letterFiles)
}

// whole is an id, or "" when it is longer than a line of a letter may be.
func whole(id string) string {
	if len(id) > letterID {
		return ""
	}
	return id
}

func first[T any](list []T, n int) []T { return list[:min(n, len(list))] }

func firstBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// receiveLetter stores a letter. Unlike in a chat, the thread decides which conversation it belongs to, and only then who wrote it:
// one person may have many conversations, and several people may write in one.
func (d *Desk) receiveLetter(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	conversation, joined, err := letterThread(tx, c, in)
	if err != nil {
		return err
	}
	if isOwn(c, in.Mail.From) {
		in.Automatic = true // a desk that writes to itself must not wait for itself
	}
	var before domain.Conversation // a closed one that this letter goes on from
	if joined && conversation.Status == domain.StatusClosed && !in.History {
		before, joined = conversation, false
	}
	if !joined {
		return d.beginLetters(tx, c, before, in)
	}
	if err := joinLetters(tx, c, &conversation, &in); err != nil {
		return err
	}
	return d.add(tx, c, &conversation, in)
}

// isOwn tells whether a mailbox is the channel's.
func isOwn(c *carrier.Connection, a domain.MailAddress) bool {
	return c.Channel.Account != "" && strings.EqualFold(a.Address, c.Channel.Account)
}

// beginLetters makes a conversation for the letter. Closed is final: a letter in a closed thread begins another conversation, which
// says where the talk was before.
func (d *Desk) beginLetters(tx *store.Tx, c *carrier.Connection, before domain.Conversation, in carrier.InboundMessage) error {
	contact, err := contactOf(tx, in)
	if err != nil {
		return err
	}
	conversation, err := newConversation(tx, c, &contact, letterTo(c, in), in.At)
	if err != nil {
		return err
	}
	conversation.Subject, conversation.Address = domain.BaseSubject(in.Mail.Subject), conversation.To.Value
	takePart(&conversation, c, in.Mail)
	if err := d.add(tx, c, &conversation, in); err != nil || before.ID.IsZero() {
		return err
	}
	return addNote(tx, c, &conversation, "activity.follows", map[string]string{"number": strconv.FormatUint(before.Number, 10)})
}

// joinLetters makes the letter part of a conversation. Somebody who took no part in it is let in, because people forward and answer
// from other addresses, but is marked, and no answer goes to them unless an operator says so: whoever learns the id of a letter
// could write into its thread. Nor does a letter say where answers go that perhaps only pretends to be from one who takes part.
func joinLetters(tx *store.Tx, c *carrier.Connection, conversation *domain.Conversation, in *carrier.InboundMessage) error {
	contact, err := tx.Contact(conversation.ContactID)
	if err != nil {
		return err
	}
	from := in.Contact.Identities[0]
	in.Mail.Stranger = !isParty(conversation, &contact, in.Mail.From)
	if in.Mail.Stranger || in.Mail.Unverified || in.Automatic { // a machine answers under other names, and to nobody but us
		return nil
	}
	if slices.Contains(contact.Identities, from) && in.From == domain.ByCustomer {
		if learnName(&contact, in.Contact) {
			contact.UpdatedAt = tx.Now
			if err := tx.PutContact(&contact); err != nil {
				return err
			}
		}
		conversation.Name, conversation.To = contact.Title(), letterTo(c, *in)
		conversation.Address = conversation.To.Value
	}
	if conversation.Subject == "" {
		conversation.Subject = domain.BaseSubject(in.Mail.Subject)
	}
	takePart(conversation, c, in.Mail)
	return nil
}

func isParty(conversation *domain.Conversation, contact *domain.Contact, a domain.MailAddress) bool {
	known := slices.ContainsFunc(contact.Identities, func(i domain.Identity) bool {
		return i.Kind == domain.MailIdentity && strings.EqualFold(i.Value, a.Address)
	})
	return known || slices.Contains(conversation.Parties, strings.ToLower(a.Address))
}

// letterTo is where answers to a letter go.
func letterTo(c *carrier.Connection, in carrier.InboundMessage) domain.Identity {
	to := in.Mail.AnswerTo()
	if domain.IsEmail(to.Address) && !isOwn(c, to) {
		return domain.Identity{Kind: domain.MailIdentity, Value: to.Address}
	}
	return in.Contact.Identities[0]
}

// takePart notes who takes part in a conversation by a letter, and who gets the next one besides the customer: everybody who got one
// before, because people leave others out by pressing the wrong button. An operator who leaves somebody out means it.
func takePart(conversation *domain.Conversation, c *carrier.Connection, m *domain.Mail) {
	for _, a := range m.Everybody() {
		if at := strings.ToLower(a.Address); !isOwn(c, a) && !slices.Contains(conversation.Parties, at) && len(conversation.Parties) < partiesKept {
			conversation.Parties = append(conversation.Parties, at)
		}
	}
	all := domain.Mailboxes(slices.Concat(conversation.Cc, []domain.MailAddress{m.AnswerTo()}, m.To, m.Cc))
	conversation.Cc = nil
	for _, a := range all {
		if !isOwn(c, a) && !strings.EqualFold(a.Address, conversation.To.Value) && domain.IsEmail(a.Address) && len(conversation.Cc) < domain.MaxCopies {
			conversation.Cc = append(conversation.Cc, a)
		}
	}
}

// subjectToken is a conversation's number as older programs and people write it into a subject.
var subjectToken = regexp.MustCompile(`\[#(\d{1,12})\]`)

// letterThread finds the conversation a letter belongs to. The most trustworthy sign comes first: the address for answers, which
// only those know who got a letter of the conversation; the ids of earlier letters, the nearest first; our own ids, which say where
// they belong even when nothing else is left; at last a number in the subject, which anybody can write in anybody's name and which
// therefore only counts among those who take part. The same subject alone is no thread.
func letterThread(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) (domain.Conversation, bool, error) {
	ways := []func() (domain.ID, error){
		func() (domain.ID, error) { return tokenThread(in.Thread), nil },
		func() (domain.ID, error) { return knownThread(tx, c.Channel.ID, in.Mail) },
		func() (domain.ID, error) { return ownThread(tx, in.Mail) },
		func() (domain.ID, error) { return subjectThread(tx, c, in.Mail) },
	}
	for _, find := range ways {
		id, err := find()
		if err != nil {
			return domain.Conversation{}, false, err
		}
		if id.IsZero() {
			continue
		}
		conversation, err := tx.Conversation(id)
		if err == nil && conversation.ChannelID == c.Channel.ID {
			return conversation, true, nil
		}
		if err != nil && domain.KindOf(err) != domain.NotFound {
			return conversation, false, err
		}
	}
	return domain.Conversation{}, false, nil
}

func tokenThread(token string) domain.ID {
	id, _ := domain.ParseThreadToken(token)
	return id
}

// earlier are the ids of the letters before this one, the nearest first.
func earlier(m *domain.Mail) []string {
	ids := slices.Clone(m.References)
	slices.Reverse(ids)
	if m.InReplyTo != "" {
		ids = append([]string{m.InReplyTo}, ids...)
	}
	return ids
}

func knownThread(tx *store.Tx, channel domain.ID, m *domain.Mail) (domain.ID, error) {
	for _, id := range earlier(m) {
		known, ok, err := tx.MessageByMailID(channel, id)
		if err != nil {
			return domain.ID{}, err
		}
		if ok {
			return conversationOfMessage(tx, known)
		}
	}
	return domain.ID{}, nil
}

func ownThread(tx *store.Tx, m *domain.Mail) (domain.ID, error) {
	for _, id := range earlier(m) {
		message, ours := domain.ParseMailID(id)
		if !ours {
			continue
		}
		if found, err := conversationOfMessage(tx, message); err != nil || !found.IsZero() {
			return found, err
		}
	}
	return domain.ID{}, nil
}

func conversationOfMessage(tx *store.Tx, id domain.ID) (domain.ID, error) {
	m, err := tx.Message(id)
	if domain.KindOf(err) == domain.NotFound {
		return domain.ID{}, nil
	}
	return m.ConversationID, err
}

func subjectThread(tx *store.Tx, c *carrier.Connection, m *domain.Mail) (domain.ID, error) {
	found := subjectToken.FindStringSubmatch(m.Subject)
	if found == nil {
		return domain.ID{}, nil
	}
	number, err := strconv.ParseUint(found[1], 10, 64)
	if err != nil {
		return domain.ID{}, nil
	}
	conversation, err := tx.ConversationByNumber(number)
	if err != nil || conversation.ChannelID != c.Channel.ID {
		return domain.ID{}, domain.IgnoreNotFound(err)
	}
	contact, err := tx.Contact(conversation.ContactID)
	newcomer := func(a domain.MailAddress) bool { return !isOwn(c, a) && !isParty(&conversation, &contact, a) }
	if err != nil || m.Unverified || slices.ContainsFunc(m.Everybody(), newcomer) {
		return domain.ID{}, domain.IgnoreNotFound(err)
	}
	return conversation.ID, nil
}

// claimLetter makes the files of a letter the conversation's.
func claimLetter(tx *store.Tx, m *domain.Message) error {
	if m.Mail == nil {
		return nil
	}
	for _, id := range []domain.ID{m.Mail.Source, m.Mail.HTML} {
		if id.IsZero() {
			continue
		}
		f, err := tx.File(id)
		if err != nil {
			return err
		}
		f.ConversationID = m.ConversationID
		if err := tx.ClaimFile(&f); err != nil {
			return err
		}
	}
	return nil
}
