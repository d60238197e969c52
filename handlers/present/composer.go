package present

import (
	"strings"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// Composer is the place to write with the reader's draft in it.
func (p Presenter) Composer(c chats.Conversation, o *domain.Operator, id domain.ID) views.ComposerView {
	v := views.ComposerView{
		ConversationID: c.ID,
		MessageID:      id,
		Window:         p.Window(c),
		Text:           c.Draft.Text,
		DraftSaved:     c.Draft.Text != "",
		MaxLength:      c.Caps.TextLength,
		MaxCaption:     c.Caps.CaptionLength,
		MaxFiles:       domain.MaxFiles,
		Templates:      c.Caps.Templates,
		EnterSends:     !o.Preferences.EnterSendsNot && !c.Caps.Mail, // a letter has paragraphs
		Author:         o.Name,
		Letter:         showComposerLetter(c, o),
	}
	v.Segments = c.Caps.Segments
	if c.Caps.NoFiles != "" {
		v.NoFiles = p.Words.T(c.Caps.NoFiles)
	}
	for _, r := range c.Caps.Files {
		v.Rules = append(v.Rules, views.FileRuleView{MIME: r.MIME, Max: r.MaxSize, Size: p.Words.Bytes(r.MaxSize)})
	}
	return v
}

// Upload is a file on its way, as its chip shows it.
func Upload(f domain.File) views.UploadView {
	return views.UploadView{
		ID:             f.ID,
		ConversationID: f.ConversationID,
		Name:           f.Name,
		Size:           f.Size,
		Image:          strings.HasPrefix(f.MIME, "image/") && InlineTypes[f.MIME],
	}
}

// showComposerLetter shows whom the next letter goes to; nil on channels without letters.
func showComposerLetter(c chats.Conversation, o *domain.Operator) *views.ComposerLetter {
	if !c.Caps.Mail {
		return nil
	}
	v := &views.ComposerLetter{
		To:        formatRecipient(c),
		Cc:        domain.JoinMailAddresses(c.Cc),
		Signature: o.Preferences.Signature,
	}
	if c.Draft.Cc != nil {
		v.Cc = *c.Draft.Cc
	}
	if last := c.LastInbound; last != nil && last.Mail != nil {
		v.Elsewhere = last.Mail.AnswersElsewhere() && strings.EqualFold(last.Mail.ReplyTo.Address, c.To.Value)
	}
	return v
}
