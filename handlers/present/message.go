package present

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/views"
)

// Message is one line of the thread. It depends on the message alone, never on its neighbours: a line that changes is
// drawn again by itself and must come out the same.
func (p Presenter) Message(m chats.MessageItem) views.MessageView {
	v := views.MessageView{
		ID:             m.ID,
		ConversationID: m.ConversationID,
		Key:            views.LineKey(m.At, m.ID),
		At:             m.At,
		From:           "them",
		Kind:           m.Kind,
		Text:           views.Linkify(m.Text),
		Large:          views.OnlyEmoji(m.Text),
		Attachments:    p.showAttachments(m.Message),
		Location:       m.Location,
		Cards:          m.Cards,
		Order:          p.showOrder(m.Order),
		Choice:         m.Choice,
		Referral:       showReferral(m.Referral),
		Unsupported:    m.Kind == domain.KindUnsupported,
		Forwarded:      m.Forwarded,
		Edited:         len(m.Edited) > 0,
		Deleted:        m.Deleted,
		Quote:          p.showQuote(m),
		Reactions:      countReactions(m.Reactions),
		Requests:       m.Requests,
		Letter:         showLetter(m),
	}
	if m.Direction == domain.Activity || m.Kind == domain.KindActivity || m.Kind == domain.KindSystem {
		v.Activity = p.describeActivity(m.Message)
		return v
	}
	if m.Template != nil {
		v.Template, v.Buttons = m.Template.Name, m.Template.Buttons
	}
	if m.Direction == domain.Outgoing {
		v.From, v.Author, v.OnPhone = "us", m.Author.Name, m.Author.Kind == domain.ByPhone
		v.Tick = showTick(m.Message)
		if m.Author.Kind == domain.BySystem {
			v.Author = p.Words.T("message.automatic")
		}
	}
	v.Wait = p.describeWait(m.Wait)
	if v.Failure = p.describeFailure(m.Message); m.Call != nil {
		v.Call = views.NewCallView(m.Message, p.describeCallFailure(m.Message))
	}
	// What the vendor does not know cannot be quoted there, nor reacted to.
	hasVendorID := m.VendorID != "" && !m.Deleted
	v.Can = views.MessageCan{
		Reply:    hasVendorID,
		React:    hasVendorID && m.Direction == domain.Incoming,
		Retry:    m.CanRetry,
		MarkSent: m.CanMarkSent,
	}
	return v
}

// describeActivity gives the sentence of a line between the messages. Codes of a newer program get a general sentence.
func (p Presenter) describeActivity(m domain.Message) string {
	args := []any{"text", m.Text}
	has := map[string]bool{}
	for name, value := range m.ActivityArgs {
		if name == "status" {
			value = p.Words.T("status." + value)
		}
		args, has[name] = append(args, name, value), value != ""
	}
	if !has["by"] {
		by := m.Author.Name
		if by == "" {
			by = "Pult" // the program's own name, the same in every language
		}
		args = append(args, "by", by)
	}
	switch sentence := p.translate(m.ActivityCode, args...); {
	case sentence != "":
		return sentence
	case m.Text != "":
		return m.Text
	}
	return p.Words.T("activity.unknown")
}

// showTick says how far an outgoing message came.
func showTick(m domain.Message) *views.TickView {
	t := &views.TickView{State: m.State, At: m.StateAt}
	switch m.State {
	case domain.StateQueued, domain.StateSending:
		t.Icon, t.Tone = "clock", "pending"
	case domain.StateUncertain:
		t.Icon, t.Tone = "circle-help", "uncertain"
	case domain.StateSent:
		t.Icon, t.Tone = "check", "sent"
	case domain.StateDelivered:
		t.Icon, t.Tone = "check-check", "sent"
	case domain.StateRead, domain.StatePlayed:
		t.Icon, t.Tone = "check-check", "read"
	case domain.StateFailed, domain.StateUndelivered, domain.StateTimedOut:
		t.Icon, t.Tone = "circle-alert", "failed"
	default:
		return nil
	}
	return t
}

// describeFailure gives the sentence for a message that needs a person; nil for all others.
func (p Presenter) describeFailure(m domain.Message) *views.FailureView {
	if !m.State.NeedsAttention() {
		return nil
	}
	v := &views.FailureView{}
	if m.Failure != nil {
		v.Sentence, v.Code = p.translate(m.Failure.Key), m.Failure.Code
	}
	if v.Sentence == "" {
		v.Sentence = p.Words.T(failureKey(m.State))
	}
	return v
}

// describeWait gives the sentence for a message that waits to leave; nil for all others.
func (p Presenter) describeWait(w *chats.Wait) *views.WaitView {
	if w == nil {
		return nil
	}
	v := &views.WaitView{Sentence: p.translate(w.Failure.Key), Code: w.Failure.Code, Until: w.Until}
	if v.Sentence == "" {
		v.Sentence = p.Words.T("provider.temporary")
	}
	return v
}

func failureKey(s domain.MessageState) string {
	switch s {
	case domain.StateUncertain:
		return "message.failed_uncertain"
	case domain.StateTimedOut:
		return "message.failed_timed_out"
	}
	return "message.failed"
}

func (p Presenter) showAttachments(m domain.Message) []views.AttachmentView {
	var out []views.AttachmentView
	for i, a := range m.Attachments {
		if isDecoration(m, a) {
			continue
		}
		v := views.AttachmentView{
			Show: chooseDisplay(m.Kind, a.MIME), State: a.State, MessageID: m.ID, Index: i, FileID: a.FileID,
			Name: a.Name, Size: a.Size, Voice: a.Voice || m.Kind == domain.KindVoice,
		}
		if a.State == domain.FileFailed {
			v.Failure = p.Words.T("attachment.failed")
			if a.Failure != nil {
				if s := p.translate(a.Failure.Key); s != "" {
					v.Failure = s
				}
			}
		}
		out = append(out, v)
	}
	return out
}

// chooseDisplay says how a page shows a file: in place only when browsers can and the files route serves it in place.
func chooseDisplay(kind domain.MessageKind, mime string) string {
	what, _, _ := strings.Cut(mime, "/")
	switch {
	case !InlineTypes[mime]:
		return "file"
	case kind == domain.KindSticker:
		return "sticker"
	case what == "image", what == "audio", what == "video":
		return what
	}
	return "file"
}

func (p Presenter) showQuote(m chats.MessageItem) *views.QuoteView {
	switch {
	case m.Quoted != nil:
		return p.Quote(*m.Quoted)
	case !m.ReplyTo.IsZero() || m.ReplyToVendor != "":
		return &views.QuoteView{}
	}
	return nil
}

// Quote is a message as another one quotes it.
func (p Presenter) Quote(m domain.Message) *views.QuoteView {
	q := &views.QuoteView{
		ConversationID: m.ConversationID,
		ID:             m.ID,
		Author:         m.Author.Name,
		Kind:           m.Kind,
		Text:           domain.Clip(m.QuoteText(), 200),
	}
	if q.Author == "" {
		q.Author = p.nameAuthor(m)
	}
	return q
}

// nameAuthor stands where a message has no name of its author.
func (p Presenter) nameAuthor(m domain.Message) string {
	if m.Author.Kind == domain.BySystem {
		return p.Words.T("message.automatic")
	}
	return p.Words.T("message.theirs")
}

// countReactions counts the same signs together, in the order in which they first came.
func countReactions(list []domain.Reaction) []views.ReactionView {
	var out []views.ReactionView
	at := map[string]int{}
	for _, r := range list {
		i, seen := at[r.Emoji]
		if !seen {
			i, at[r.Emoji] = len(out), len(out)
			out = append(out, views.ReactionView{Emoji: r.Emoji})
		}
		out[i].Count++
		out[i].Ours = out[i].Ours || r.From == domain.Outgoing
	}
	return out
}

func (p Presenter) showOrder(o *domain.Order) *views.OrderView {
	if o == nil {
		return nil
	}
	v := &views.OrderView{Text: o.Text}
	for _, i := range o.Items {
		v.Items = append(v.Items, views.OrderItemView{
			Product:  i.Product,
			Quantity: i.Quantity,
			Price:    p.formatPrice(i.Price, i.Currency),
		})
	}
	return v
}

// formatPrice writes a price with two decimals: vendors tell amounts in a currency's main unit.
func (p Presenter) formatPrice(amount float64, currency string) string {
	if amount == 0 && currency == "" {
		return ""
	}
	text := strconv.FormatFloat(amount, 'f', 2, 64)
	if p.Words.Lang() != "en" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return strings.TrimSpace(text + "\u00a0" + currency)
}

// showReferral keeps the advertisement's address only when it is an ordinary web address.
func showReferral(r *domain.Referral) *views.ReferralView {
	if r == nil {
		return nil
	}
	v := &views.ReferralView{Headline: r.Headline, Body: r.Body}
	if s := views.Linkify(r.URL); len(s) == 1 && s[0].Href != "" {
		v.Link = s
	}
	return v
}

// MessageDetails is all that is known of a message; attempts and the vendor's data only for those who may see them.
func (p Presenter) MessageDetails(m chats.MessageItem, seeRaw bool) views.MessageDetails {
	d := views.MessageDetails{
		Lang:       p.Words.Lang(),
		ID:         m.ID,
		At:         m.At,
		VendorAt:   m.VendorAt,
		ReceivedAt: m.ReceivedAt,
		State:      m.State,
		StateAt:    m.StateAt,
		Author:     m.Author.Name,
		VendorID:   m.VendorID,
		Edited:     m.Edited,
		SeeRaw:     seeRaw,
	}
	if d.Author == "" {
		d.Author = p.nameAuthor(m.Message)
	}
	if !seeRaw {
		return d
	}
	d.Raw = indentJSON(m.Raw)
	if m.Failure != nil {
		d.Detail = m.Failure.Detail
	}
	for _, a := range m.Attempts {
		d.Attempts = append(d.Attempts, showAttempt(a))
	}
	return d
}

func showAttempt(a domain.Attempt) views.AttemptView {
	v := views.AttemptView{Number: a.Number, StartedAt: a.StartedAt, Outcome: a.Outcome}
	if !a.EndedAt.IsZero() {
		v.Took = a.EndedAt.Sub(a.StartedAt)
	}
	if a.Failure != nil {
		v.Code, v.Detail = a.Failure.Code, a.Failure.Detail
	}
	return v
}

// indentJSON lays JSON out for reading; what is none stays as it is.
func indentJSON(raw []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, raw, "", "  ") != nil {
		return string(raw)
	}
	return b.String()
}
