package inbound

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/files"
	"pult/domain/desk/letters"
	"pult/domain/desk/thread"
	"pult/domain/store"
)

// Bounds of what a message keeps of a letter.
const (
	maxQuoted      = 60 << 10 // bytes
	maxPeople      = 60       // recipients and copies, of each
	maxReferences  = 60       // references
	maxIDLength    = 998      // bytes of one id: the longest line of a letter
	maxLetterFiles = 100      // attachments
)

// keepLetters stores the letters of a delivery and their HTML as files, before the transaction that names them, because
// they may be larger than a transaction can be. Files that no message names in the end are removed like uploads that
// were never sent.
func (s *Service) keepLetters(ctx context.Context, e *domain.JournalEntry, b *carrier.Batch) error {
	for i := range b.Messages {
		in := &b.Messages[i]
		if in.Mail == nil {
			continue
		}
		shortenLetter(in)
		stored, err := s.isStored(ctx, e.ChannelID, in.VendorID)
		if err != nil {
			return err
		}
		if stored {
			continue
		}
		if in.Source {
			if in.Mail.Source, err = s.files.Keep(ctx, nameLetter(in.Mail), "message/rfc822", bytes.NewReader(e.Body), len(e.Body)); err != nil {
				return err
			}
		}
		if in.HTML != "" {
			if in.Mail.HTML, err = s.files.Keep(ctx, "letter.html", "text/html", strings.NewReader(in.HTML), len(in.HTML)); err != nil {
				return err
			}
		}
	}
	return nil
}

// isStored reports whether a message with a vendor's id is stored.
func (s *Service) isStored(ctx context.Context, channel domain.ID, vendorID string) (stored bool, err error) {
	err = s.store.View(ctx, func(tx *store.Tx) (err error) {
		_, stored, err = tx.MessageByVendorID(channel, vendorID)
		return err
	})
	return stored, err
}

// nameLetter makes the file name of a whole letter.
func nameLetter(m *domain.Mail) string {
	if name := files.CleanName(strings.NewReplacer("/", "-", `\`, "-").Replace(m.Subject)); name != "" {
		return domain.Clip(name, 80) + ".eml"
	}
	return "letter.eml"
}

// shortenLetter cuts a letter to what a message can keep, and writes the addresses of its sender in lower case, as they
// are compared.
func shortenLetter(in *carrier.InboundMessage) {
	m := in.Mail
	for i, id := range in.Contact.Identities {
		if id.Kind == domain.MailIdentity {
			in.Contact.Identities[i].Value = domain.NormalEmail(id.Value)
		}
	}
	in.Text, m.Quoted = cutText(in.Text, letters.MaxText), cutText(m.Quoted, maxQuoted)
	m.Subject = domain.Clip(strings.Join(strings.Fields(m.Subject), " "), 500)
	m.To, m.Cc = limitList(m.To, maxPeople), limitList(m.Cc, maxPeople)
	m.References = m.References[max(0, len(m.References)-maxReferences):]
	m.References = slices.DeleteFunc(m.References, func(id string) bool { return len(id) > maxIDLength })
	m.MessageID, m.InReplyTo = dropLongID(m.MessageID), dropLongID(m.InReplyTo)
	in.Attachments = limitList(in.Attachments, maxLetterFiles)
}

// dropLongID gives an id, or "" when it is longer than maxIDLength.
func dropLongID(id string) string {
	if len(id) > maxIDLength {
		return ""
	}
	return id
}

// limitList gives the first n elements of a list.
func limitList[T any](list []T, n int) []T { return list[:min(n, len(list))] }

// cutText cuts a text to n bytes, between two characters, and marks the cut.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// receiveLetter stores a letter. Unlike in a chat, the thread decides to which conversation it belongs, and not who
// wrote it: one person may have many conversations, and several people may write in one.
func (s *Service) receiveLetter(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) error {
	conversation, joined, err := findThread(tx, c, in)
	if err != nil {
		return err
	}
	if letters.IsOwn(c, in.Mail.From) {
		in.Automatic = true // a desk that writes to itself must not wait for itself
	}
	var before domain.Conversation // a closed one that this letter goes on from
	if joined && conversation.Status == domain.StatusClosed && !in.History {
		before, joined = conversation, false
	}
	if !joined {
		return s.beginLetterThread(tx, c, before, in)
	}
	if err := joinLetterThread(tx, c, &conversation, &in); err != nil {
		return err
	}
	return s.addMessage(tx, c, &conversation, in)
}

// beginLetterThread stores a letter in a new conversation. before is the closed conversation that it would have
// belonged to, zero when there is none: closed is final, so that a note names it in the new one.
func (s *Service) beginLetterThread(
	tx *store.Tx,
	c *carrier.Connection,
	before domain.Conversation,
	in carrier.InboundMessage,
) error {
	contact, err := thread.LearnContact(tx, in)
	if err != nil {
		return err
	}
	conversation, err := thread.NewConversation(tx, c, &contact, chooseLetterAnswerAddress(c, in), in.At)
	if err != nil {
		return err
	}
	conversation.Subject, conversation.Address = domain.BaseSubject(in.Mail.Subject), conversation.To.Value
	letters.JoinParties(&conversation, c, in.Mail)
	if err := s.addMessage(tx, c, &conversation, in); err != nil || before.ID.IsZero() {
		return err
	}
	return thread.AddNote(
		tx,
		c,
		&conversation,
		"activity.follows",
		map[string]string{"number": strconv.FormatUint(before.Number, 10)},
	)
}

// joinLetterThread makes a letter part of a conversation. A sender who took no part in it is let in, because people
// forward and answer from other addresses, but is marked a stranger, and gets no answer unless an operator says so:
// whoever learns the id of a letter could write into its thread. A letter whose sender is not proven does not change
// where answers go either.
func joinLetterThread(
	tx *store.Tx,
	c *carrier.Connection,
	conversation *domain.Conversation,
	in *carrier.InboundMessage,
) error {
	contact, err := tx.Contact(conversation.ContactID)
	if err != nil {
		return err
	}
	from := in.Contact.Identities[0]
	in.Mail.Stranger = !letters.IsParty(conversation, &contact, in.Mail.From)
	// a machine answers from other addresses, and nobody should write to them
	if in.Mail.Stranger || in.Mail.Unverified || in.Automatic {
		return nil
	}
	if slices.Contains(contact.Identities, from) && in.From == domain.ByCustomer {
		if thread.LearnName(&contact, in.Contact) {
			contact.UpdatedAt = tx.Now
			if err := tx.PutContact(&contact); err != nil {
				return err
			}
		}
		conversation.Name, conversation.To = contact.Title(), chooseLetterAnswerAddress(c, *in)
		conversation.Address = conversation.To.Value
	}
	if conversation.Subject == "" {
		conversation.Subject = domain.BaseSubject(in.Mail.Subject)
	}
	letters.JoinParties(conversation, c, in.Mail)
	return nil
}

// chooseLetterAnswerAddress gives where answers to a letter go: where it asks for them, else to its sender.
func chooseLetterAnswerAddress(c *carrier.Connection, in carrier.InboundMessage) domain.Identity {
	to := in.Mail.AnswerTo()
	if domain.IsEmail(to.Address) && !letters.IsOwn(c, to) {
		return domain.Identity{Kind: domain.MailIdentity, Value: to.Address}
	}
	return in.Contact.Identities[0]
}

// subjectToken matches a conversation's number as people and other programs write it into a subject.
var subjectToken = regexp.MustCompile(`\[#(\d{1,12})\]`)

// findThread finds the conversation that a letter belongs to, and reports whether there is one. The most trustworthy
// sign is tried first: the address for answers, which only those know who got a letter of the conversation; then the
// ids of earlier letters, the nearest first; then ids that we made, which name the message even when the letter is no
// longer stored under its id; at last a number in the subject, which anybody can write, and which therefore counts only
// among those who take part. The same subject alone makes no thread.
func findThread(tx *store.Tx, c *carrier.Connection, in carrier.InboundMessage) (domain.Conversation, bool, error) {
	ways := []func() (domain.ID, error){
		func() (domain.ID, error) { return findThreadByToken(in.Thread), nil },
		func() (domain.ID, error) { return findThreadByMailID(tx, c.Channel.ID, in.Mail) },
		func() (domain.ID, error) { return findThreadByOurID(tx, in.Mail) },
		func() (domain.ID, error) { return findThreadBySubject(tx, c, in.Mail) },
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

// findThreadByToken reads the conversation's id from the address that answers go to; zero when it is none of ours.
func findThreadByToken(token string) domain.ID {
	id, _ := domain.ParseThreadToken(token)
	return id
}

// listEarlierIDs lists the ids of the letters before this one, the nearest first.
func listEarlierIDs(m *domain.Mail) []string {
	ids := slices.Clone(m.References)
	slices.Reverse(ids)
	if m.InReplyTo != "" {
		ids = append([]string{m.InReplyTo}, ids...)
	}
	return ids
}

// findThreadByMailID finds the conversation of the nearest earlier letter that is stored.
func findThreadByMailID(tx *store.Tx, channel domain.ID, m *domain.Mail) (domain.ID, error) {
	for _, id := range listEarlierIDs(m) {
		message, ok, err := tx.MessageByMailID(channel, id)
		if err != nil {
			return domain.ID{}, err
		}
		if ok {
			return findConversationOf(tx, message)
		}
	}
	return domain.ID{}, nil
}

// findThreadByOurID finds the conversation of the nearest earlier letter that we sent, by the message's id in the
// letter's.
func findThreadByOurID(tx *store.Tx, m *domain.Mail) (domain.ID, error) {
	for _, id := range listEarlierIDs(m) {
		message, ours := domain.ParseMailID(id)
		if !ours {
			continue
		}
		if found, err := findConversationOf(tx, message); err != nil || !found.IsZero() {
			return found, err
		}
	}
	return domain.ID{}, nil
}

// findConversationOf finds the conversation of a message; zero when the message is gone.
func findConversationOf(tx *store.Tx, id domain.ID) (domain.ID, error) {
	m, err := tx.Message(id)
	if domain.KindOf(err) == domain.NotFound {
		return domain.ID{}, nil
	}
	return m.ConversationID, err
}

// findThreadBySubject finds the conversation with the number in the subject, when everybody named in the letter takes
// part in it.
func findThreadBySubject(tx *store.Tx, c *carrier.Connection, m *domain.Mail) (domain.ID, error) {
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
	isNewcomer := func(a domain.MailAddress) bool {
		return !letters.IsOwn(c, a) && !letters.IsParty(&conversation, &contact, a)
	}
	if err != nil || m.Unverified || slices.ContainsFunc(m.Everybody(), isNewcomer) {
		return domain.ID{}, domain.IgnoreNotFound(err)
	}
	return conversation.ID, nil
}
