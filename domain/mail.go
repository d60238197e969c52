package domain

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Mail is what a letter has beside its text and its files. Message.Text holds what its author wrote, without what they
// quoted.
type Mail struct {
	Subject    string        `cbor:"1,keyasint,omitzero"`
	From       MailAddress   `cbor:"2,keyasint,omitzero"`
	To         []MailAddress `cbor:"3,keyasint,omitzero"`
	Cc         []MailAddress `cbor:"4,keyasint,omitzero"`
	ReplyTo    MailAddress   `cbor:"5,keyasint,omitzero"` // where the author wants answers; zero = From
	MessageID  string        `cbor:"6,keyasint,omitzero"` // without angle brackets
	InReplyTo  string        `cbor:"7,keyasint,omitzero"`
	References []string      `cbor:"8,keyasint,omitzero"` // oldest first, without angle brackets
	// as the author's machine says: to be shown, never to order by
	Date   time.Time `cbor:"9,keyasint,omitzero"`
	Quoted string    `cbor:"10,keyasint,omitzero"`
	// file of the HTML as it came, not sanitised; zero = plain text only
	HTML   ID `cbor:"11,keyasint,omitzero"`
	Source ID `cbor:"12,keyasint,omitzero"` // file of the whole letter as it came
	// why it counts as written by a machine: the header's name; "" = by a person
	Automatic  string `cbor:"13,keyasint,omitzero"`
	Stranger   bool   `cbor:"14,keyasint,omitzero"` // the author was no party to the conversation before
	Unverified bool   `cbor:"15,keyasint,omitzero"` // our own mail server could not confirm the sender
	Pictures   bool   `cbor:"16,keyasint,omitzero"` // the HTML asks for pictures from elsewhere
	Signature  string `cbor:"17,keyasint,omitzero"` // of a letter of ours: what stands under the answer
}

// MailAddress is a mailbox with the name it was written with.
type MailAddress struct {
	Name    string `cbor:"1,keyasint,omitzero"`
	Address string `cbor:"2,keyasint,omitzero"`
}

// String is the mailbox as people write it: the name with the address, or the address alone.
func (a MailAddress) String() string {
	if a.Name == "" || a.Name == a.Address {
		return a.Address
	}
	return a.Name + " <" + a.Address + ">"
}

// Domain is what stands behind the @, in lower case; "" when there is none.
func (a MailAddress) Domain() string {
	at := strings.LastIndex(a.Address, "@")
	return strings.ToLower(a.Address[at+1:])
}

// IsSame reports whether both are one mailbox, whatever their names.
func (a MailAddress) IsSame(b MailAddress) bool { return strings.EqualFold(a.Address, b.Address) }

// AnswerTo is where the author wants answers.
func (m *Mail) AnswerTo() MailAddress {
	if m.ReplyTo.Address != "" {
		return m.ReplyTo
	}
	return m.From
}

// AnswersElsewhere reports whether answers go to another domain than the one the letter says it comes from, which
// deceivers use.
func (m *Mail) AnswersElsewhere() bool {
	return m.ReplyTo.Address != "" && m.ReplyTo.Domain() != m.From.Domain()
}

// Everybody is all who sent or got the letter, each once, the author first.
func (m *Mail) Everybody() []MailAddress {
	return Mailboxes(slices.Concat([]MailAddress{m.From, m.ReplyTo}, m.To, m.Cc))
}

// Mailboxes are the addresses given, each once and none empty, in their order.
func Mailboxes(list []MailAddress) []MailAddress {
	var out []MailAddress
	for _, a := range list {
		if a.Address != "" && !slices.ContainsFunc(out, a.IsSame) {
			out = append(out, a)
		}
	}
	return out
}

// referencesLength bounds the References of a letter in bytes: header lines longer than 998 are refused by servers. The
// first id and the last ones are what programs find the thread by.
const (
	referencesLength = 900
	referencesLast   = 10
)

// Thread is what an answer to the letter refers to: the ids of the letters before it and its own, the oldest first.
func (m *Mail) Thread() []string {
	ids := slices.Clone(m.References)
	if len(ids) == 0 && m.InReplyTo != "" {
		ids = []string{m.InReplyTo}
	}
	if m.MessageID != "" {
		ids = append(slices.DeleteFunc(ids, func(id string) bool { return id == m.MessageID }), m.MessageID)
	}
	if len(ids) <= referencesLast+1 || len(strings.Join(ids, "<> ")) <= referencesLength {
		return ids
	}
	return append(ids[:1:1], ids[len(ids)-referencesLast:]...)
}

// answerPrefix is what programs and people put before the subject of an answer or of a letter passed on.
var answerPrefix = regexp.MustCompile(
	`(?i)^\s*(re|ré|réf|odp|aw|antw|sv|vs|fw|fwd|tr|wg|rv|přep)\s*([\[(]\d+[\])])?\s*:\s*`,
)

// BaseSubject is a subject without what answering added to it, on one line.
func BaseSubject(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for {
		cut := answerPrefix.FindStringIndex(s)
		if cut == nil {
			return strings.TrimSpace(s)
		}
		s = s[cut[1]:]
	}
}

// AnswerSubject is the subject of an answer. "Re:" is what all programs recognise, in every language.
func AnswerSubject(s string) string { return strings.TrimSpace("Re: " + BaseSubject(s)) }

// MailID is the Message-ID of a letter of ours, without angle brackets: it holds the message's own id, so that an
// answer finds its conversation even when the sender's program kept nothing else. address is the channel's.
func MailID(message ID, address string) string {
	d := MailAddress{Address: address}.Domain()
	if d == "" {
		d = "pult.invalid"
	}
	return "m-" + message.String() + "@" + d
}

// ParseMailID reads the message's id out of a Message-ID that MailID made; ok is false for all others.
func ParseMailID(s string) (message ID, ok bool) {
	local, _, found := strings.Cut(strings.Trim(strings.TrimSpace(s), "<>"), "@")
	text, ours := strings.CutPrefix(strings.ToLower(local), "m-")
	if !found || !ours {
		return message, false
	}
	message, err := ParseID(text)
	return message, err == nil
}

// ThreadToken is what the address for answers carries: it names the conversation and cannot be guessed by somebody who
// got none of its letters.
func ThreadToken(conversation ID) string { return "c" + conversation.String() }

// ParseThreadToken reads the conversation out of a token; ok is false for any other text.
func ParseThreadToken(s string) (conversation ID, ok bool) {
	text, ours := strings.CutPrefix(strings.ToLower(strings.TrimSpace(s)), "c")
	if !ours {
		return conversation, false
	}
	conversation, err := ParseID(text)
	return conversation, err == nil
}

// MaxCopies is how many people besides the recipient one letter may go to.
const MaxCopies = 20

// ParseMailAddresses reads mailboxes as people type them: separated by commas, semicolons or line breaks, with or
// without names. bad is the first piece that is no address, "" when all are.
func ParseMailAddresses(s string) (list []MailAddress, bad string) {
	for _, piece := range splitAddresses(s) {
		a, err := mail.ParseAddress(piece)
		if err != nil || !IsEmail(a.Address) {
			return nil, piece
		}
		list = append(list, MailAddress{Name: a.Name, Address: a.Address})
	}
	return Mailboxes(list), ""
}

// splitAddresses cuts at separators that stand outside of quotes: a name may hold a comma.
func splitAddresses(s string) (pieces []string) {
	quoted := false
	for _, piece := range strings.FieldsFunc(s, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ',' || r == ';' || r == '\n' || r == '\r')
	}) {
		if piece = strings.TrimSpace(piece); piece != "" {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

// JoinMailAddresses writes mailboxes so that ParseMailAddresses reads them back.
func JoinMailAddresses(list []MailAddress) string {
	texts := make([]string, len(list))
	for i, a := range list {
		texts[i] = a.Address
		if a.Name != "" && a.Name != a.Address {
			texts[i] = `"` + strings.NewReplacer(`"`, "", `\`, "").Replace(a.Name) + `" <` + a.Address + ">"
		}
	}
	return strings.Join(texts, ", ")
}
