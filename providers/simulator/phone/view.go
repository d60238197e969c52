package phone

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator"
)

// pageView is the whole page: list of customers, telephone, switches. On a narrow screen the pane says which one is seen.
type pageView struct {
	shellView
	People   peopleView
	Create   createView
	Voice    *telephonesView // in place of Chat, for a number that is called
	Chat     *chatView       // nil when no customer is chosen
	Switches switchesView
}

// shellView is what is around everything.
type shellView struct {
	Theme, Title string
	Pane         string            // people, phone or switches
	Panes        map[string]string // address by pane; "" = not there
	Languages    []choiceView
	Devices      []deviceView
}

// choiceView is one of a few things to choose from.
type choiceView struct {
	Words, URL string
	Current    bool
}

type peopleView struct {
	Query string
	URL   string // finds again
	Live  bool   // a stream tells when it changed
	List  []personView
}

type personView struct {
	ID, Name, Address, Last, URL string
	At                           time.Time
	News, Current                bool
}

type createView struct {
	URL, Name, Phone string
	Hidden, Failed   bool
	MayHide          bool // customers can be known by a user name alone
}

// chatView is an open telephone.
type chatView struct {
	ID, Name, Address, Business string
	Typing, Blocked             bool
	Back, Tools                 string // for narrow screens
	Live, Attach, Echo, Age     string
	Look                        domain.ChannelKind
	Can                         simulator.Abilities
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

func (p *Page) page(r *http.Request, a *ask, pane string) pageView {
	v := pageView{shellView: p.shell(r, a, pane), People: p.peopleView(r, a), Create: a.create(), Switches: p.switchesView(a)}
	v.Panes = map[string]string{"people": a.link(a.number.ID), "switches": a.link(a.number.ID, "switches")}
	if a.voice() {
		v.Voice, v.Panes["phone"] = p.telephones(a), a.link(a.number.ID, "telephones")
	}
	if a.customer != nil {
		chat := p.chat(a)
		v.Title, v.Chat, v.Panes["phone"], v.Panes["switches"] = chat.Name, &chat, a.here(), chat.Tools
	}
	return v
}

func (p *Page) shell(r *http.Request, a *ask, pane string) shellView {
	v := shellView{Theme: a.theme, Pane: pane, Devices: p.devices(a)}
	for _, lang := range i18n.Languages {
		v.Languages = append(v.Languages, choiceView{Words: strings.ToUpper(lang), URL: r.URL.EscapedPath() + "?lang=" + lang, Current: lang == a.lang})
	}
	return v
}

func (a *ask) create() createView {
	return createView{URL: a.link(a.number.ID, "customers"), MayHide: a.number.Abilities().Username}
}

// compose is the empty place to write.
func (a *ask) compose() composeView {
	can := a.number.Abilities()
	return composeView{URL: a.here("say"), Cancel: a.here("compose"), Attach: can.Photo || can.Document}
}

func (p *Page) peopleView(r *http.Request, a *ask) peopleView {
	v := peopleView{Query: strings.TrimSpace(r.FormValue("q")), URL: a.link(a.number.ID), Live: a.customer != nil}
	current := r.URL.Query().Get("open")
	if a.customer != nil {
		current = a.customer.ID
	}
	if current != "" {
		v.URL += map[bool]string{true: "&", false: "?"}[strings.Contains(v.URL, "?")] + "open=" + current
	}
	for _, c := range p.sim.Customers() {
		if !matches(c, v.Query) || !reaches(c, a.number) {
			continue
		}
		v.List = append(v.List, p.person(a, c, c.ID == current))
	}
	slices.SortStableFunc(v.List, func(x, y personView) int { return y.At.Compare(x.At) })
	return v
}

// matches finds people by any part of their name, number or user name.
func matches(c simulator.Customer, query string) bool {
	text := strings.ToLower(c.Name + " " + c.Phone + " " + c.Username)
	return strings.Contains(text, strings.ToLower(query))
}

func (p *Page) person(a *ask, c simulator.Customer, current bool) personView {
	v := personView{ID: c.ID, Name: c.Name, Address: address(c), URL: a.link(a.number.ID, c.ID), Current: current}
	thread := p.sim.Thread(a.number.ID, c.ID)
	if len(thread) == 0 {
		return v
	}
	last := thread[len(thread)-1]
	v.At, v.Last = last.At, domain.Clip(strings.Join(strings.Fields(a.summary(last)), " "), 80)
	v.News = a.number.Abilities().Receipts && !last.FromCustomer && last.State.CanAdvanceTo(domain.StateRead) && last.FailCode == 0 && !last.Echo && !current
	return v
}

func address(c simulator.Customer) string {
	if c.Phone == "" && c.Username != "" {
		return "@" + c.Username
	}
	return c.Phone
}

// summary is a message in one line.
func (a *ask) summary(m simulator.Message) string {
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

func (p *Page) chat(a *ask) chatView {
	v := chatView{
		ID: a.customer.ID, Name: a.customer.Name, Address: address(*a.customer), Business: a.number.Name,
		Typing: p.sim.Typing(a.number.ID, a.customer.ID), Blocked: p.sim.Blocked(a.number.ID, a.customer.ID),
		Back: a.link(a.number.ID), Tools: a.here("switches"), Live: a.here("live"), Attach: a.here("attach"), Echo: a.here("echo"), Age: a.here("age"), Look: a.number.Kind(), Can: a.number.Abilities(),
		Compose: a.compose(),
	}
	thread := p.sim.Thread(a.number.ID, a.customer.ID)
	said := map[string]simulator.Message{}
	for _, m := range thread {
		said[m.ID] = m
	}
	var day string
	for _, m := range thread[max(0, len(thread)-mostMessages):] {
		mv := a.message(m)
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

func (a *ask) speaker(m simulator.Message) string {
	if m.FromCustomer {
		return i18n.For(a.lang).T("simulator.you")
	}
	return i18n.For(a.lang).T("simulator.shop")
}

// messageView is a bubble.
type messageView struct {
	simulator.Message
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

func (a *ask) message(m simulator.Message) messageView {
	v := messageView{
		Message: m, Key: fmt.Sprintf("m%08x%d", digest(m.ID), m.At.UnixMilli()), Emojis: emojis,
		Choose: a.here("choose"),
	}
	can := a.number.Abilities()
	if can.React {
		v.React = a.here("react")
	}
	if can.Quote {
		v.Compose = a.with(a.here("compose"), "reply", m.ID)
	}
	if m.File != nil {
		v.FileURL, v.Shows = a.here("files", m.ID), shownAs(m)
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
		v.Edit = a.with(a.here("compose"), "edit", m.ID)
	}
	return v
}

// shownAs is how the browser shows the file of a message; anything unusual is only offered for download.
func shownAs(m simulator.Message) string {
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
