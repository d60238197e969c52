package phone

import (
	"fmt"
	"strings"
	"time"

	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator/world"
)

// chatView is an open telephone.
type chatView struct {
	ID, Name, Address, Business string
	Typing, Blocked             bool
	Back, Tools                 string // for narrow screens
	Live, Attach, Echo, Age     string
	Look                        domain.ChannelKind
	Can                         world.Abilities
	Thread                      []messageView
	Compose                     composeView
}

// composeView is the place to write: a new message, an answer to one, or a correction.
type composeView struct {
	URL, Cancel   string
	Text          string
	Attach        bool   // something beside text can be sent
	Reply, Edit   string // ids of messages
	Quote, Quoted string // text of the one that is answered, and who said it
}

// newComposer is the empty place to write.
func (a *ask) newComposer() composeView {
	can := a.traits.Abilities
	return composeView{URL: a.here("say"), Cancel: a.here("compose"), Attach: can.Photo || can.Document}
}

// summary is a message in one line.
func (a *ask) summary(m world.Message) string {
	if m.Deleted {
		return i18n.For(a.lang).T("simulator.deleted")
	}
	if m.Text != "" {
		return m.Text
	}
	return i18n.For(a.lang).T("kind." + string(m.Kind))
}

// mostMessages is how much of a long thread the telephone shows.
const mostMessages = 120

func (p *Page) newChatView(a *ask) chatView {
	v := chatView{
		ID: a.customer.ID, Name: a.customer.Name, Address: addressOf(*a.customer), Business: a.number.Name,
		Typing: p.world.IsTyping(a.number.ID, a.customer.ID), Blocked: p.world.IsBlocked(a.number.ID, a.customer.ID),
		Back: a.link(a.number.ID), Tools: a.here("switches"), Live: a.here("news"), Attach: a.here("attach"),
		Echo: a.here("echo"), Age: a.here("age"), Look: a.traits.Kind, Can: a.traits.Abilities,
		Compose: a.newComposer(),
	}
	thread := p.world.Thread(a.number.ID, a.customer.ID)
	said := map[string]world.Message{}
	for _, m := range thread {
		said[m.ID] = m
	}
	var day string
	for _, m := range thread[max(0, len(thread)-mostMessages):] {
		mv := a.newMessageView(m)
		if quoted, ok := said[m.ReplyTo]; ok {
			mv.Quote, mv.Quoted = domain.Clip(a.summary(quoted), 140), a.speaker(quoted)
		}
		if on := m.At.In(p.o.Location).Format(time.DateOnly); on != day {
			day, mv.NewDay = on, true
		}
		v.Thread = append(v.Thread, mv)
	}
	return v
}

func (a *ask) speaker(m world.Message) string {
	if m.FromCustomer {
		return i18n.For(a.lang).T("simulator.you")
	}
	return i18n.For(a.lang).T("simulator.shop")
}

// messageView is a bubble.
type messageView struct {
	Message       world.Message
	Key           string // its id on the page
	NewDay        bool
	Tick          string // of the customer's own: pending, delivered, read
	FileURL       string
	Shows         string // what the file is shown as: image, sticker, audio, video or file
	MapURL        string
	Quote, Quoted string
	Compose       string // begins an answer; "" = cannot be answered by itself
	Edit          string // begins a correction; "" = cannot be corrected
	Choose, React string // React is "" where customers cannot
	Delete        string
	Emojis        []string
}

// emojis are the reactions offered at once.
var emojis = []string{"👍", "❤️", "😂", "😮", "🙏"}

func (a *ask) newMessageView(m world.Message) messageView {
	v := messageView{
		Message: m, Key: fmt.Sprintf("m%08x%d", hashText(m.ID), m.At.UnixMilli()), Emojis: emojis,
		Choose: a.here("choose"),
	}
	can := a.traits.Abilities
	if can.React {
		v.React = a.here("react")
	}
	if can.Quote {
		v.Compose = a.addQuery(a.here("compose"), "reply", m.ID)
	}
	if m.File != nil {
		v.FileURL, v.Shows = a.here("files", m.ID), fileShape(m)
	}
	if l := m.Location; l != nil {
		v.MapURL = fmt.Sprintf("https://www.openstreetmap.org/?mlat=%f&mlon=%f", l.Latitude, l.Longitude)
	}
	if !m.FromCustomer {
		return v
	}
	v.Tick = "pending"
	if m.Acknowledged {
		v.Tick = "delivered"
	}
	if m.ReadByDesk {
		v.Tick = "read"
	}
	if can.Delete && !m.Deleted {
		v.Delete = a.here("delete")
	}
	if can.Edit && !m.Deleted && m.Kind == domain.KindText {
		v.Edit = a.addQuery(a.here("compose"), "edit", m.ID)
	}
	return v
}

// fileShape is how the browser shows the file of a message; anything unusual is only offered for download.
func fileShape(m world.Message) string {
	if len(m.File.Data) == 0 {
		return "file"
	}
	switch m.Kind {
	case domain.KindImage, domain.KindSticker, domain.KindAudio, domain.KindVideo:
		return string(m.Kind)
	case domain.KindVoice:
		return "audio"
	case domain.KindTemplate:
		if strings.HasPrefix(m.File.MIME, "image/") {
			return "image"
		}
	}
	return "file"
}
