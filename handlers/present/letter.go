package present

import (
	"cmp"
	"strings"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// smallPicture is the size in bytes up to which a picture within a letter is taken for decoration and not listed as a
// file.
const smallPicture = 12 << 10

// showLetter gives what a letter shows besides its text; nil for a message that is none.
func showLetter(m chats.MessageItem) *views.LetterView {
	l := m.Mail
	if l == nil {
		return nil
	}
	v := &views.LetterView{
		MessageID:  m.ID,
		Name:       l.From.Name,
		Address:    l.From.Address,
		From:       formatMailboxes(l.From),
		To:         formatMailboxes(l.To...),
		Cc:         formatMailboxes(l.Cc...),
		Date:       l.Date,
		Automatic:  l.Automatic != "",
		Stranger:   l.Stranger,
		Unverified: l.Unverified,
		Quoted:     views.Linkify(l.Quoted),
		Signature:  l.Signature,
		Written:    !l.HTML.IsZero(),
		Pictures:   l.Pictures,
		Source:     l.Source,
		Height:     guessFrameHeight(m.Text + l.Quoted),
	}
	v.Only = v.Written && strings.TrimSpace(m.Text) == ""
	if m.Direction == domain.Outgoing && len(l.To) > 0 {
		v.Name, v.Address = l.To[0].Name, l.To[0].Address
	}
	if v.Name == v.Address {
		v.Name = ""
	}
	if m.Direction == domain.Incoming && l.AnswersElsewhere() {
		v.AnswerTo = l.ReplyTo.Address
	}
	return v
}

func formatMailboxes(list ...domain.MailAddress) []string {
	var out []string
	for _, a := range list {
		if a.Address != "" {
			out = append(out, a.String())
		}
	}
	return out
}

// guessFrameHeight guesses how high the frame of a letter should be from its text: a frame in which nothing runs cannot
// tell.
func guessFrameHeight(text string) string {
	switch lines := strings.Count(text, "\n") + len(text)/90; {
	case lines < 6:
		return "short"
	case lines < 20:
		return "middle"
	}
	return "tall"
}

// isDecoration reports whether a file is a small picture within a letter: it is seen there, and would only stand in the
// way among the files.
func isDecoration(m domain.Message, a domain.Attachment) bool {
	return m.Mail != nil && !m.Mail.HTML.IsZero() && a.ContentID != "" && a.Size <= smallPicture &&
		strings.HasPrefix(a.MIME, "image/")
}

// formatRecipient writes the mailbox that the next letter goes to.
func formatRecipient(c chats.Conversation) string {
	return domain.MailAddress{Name: c.Name, Address: c.To.Value}.String()
}

// suggestRequestTitle suggests what a request made from a letter is called at first: what the letter is about.
func suggestRequestTitle(c chats.Conversation, from *domain.Message) string {
	if from.Mail == nil {
		return ""
	}
	return domain.Clip(cmp.Or(domain.BaseSubject(from.Mail.Subject), c.Subject), 120)
}
