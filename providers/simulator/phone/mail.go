package phone

import (
	"cmp"
	"mime"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator"
)

// mailPrefix is where the customers' mail programs are. They have a mux of their own: to the one of the telephones it would be a number.
const mailPrefix = prefix + "/mail"

// Mail are the customers' mail programs and the provider they share with the shop.
type Mail struct {
	Server *simulator.MailServer
	Shop   string // address that letters go to
}

func (p *Page) mailRoutes() {
	if p.o.Mail.Server == nil {
		return
	}
	const box = mailPrefix + "/{box}"
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, *ask){
		"GET " + mailPrefix:                     p.mailboxes,
		"POST " + mailPrefix:                    p.openMailbox,
		"POST " + mailPrefix + "/faults":        p.setMailFaults,
		"GET " + mailPrefix + "/switches":       p.mailSwitches,
		"GET " + box:                            p.mailbox,
		"POST " + box:                           p.writeLetter,
		"GET " + box + "/live":                  p.mailLive,
		"GET " + box + "/{letter}":              p.letterAsSent,
		"POST " + box + "/{letter}/away":        p.answerAway,
		"GET " + box + "/{letter}/files/{file}": p.letterFile,
	} {
		p.mail.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, mostBody)
			a := asked(r)
			a.device, a.box = mailPrefix, r.PathValue("box")
			handle(w, r, a)
		})
	}
}

// mailboxes shows whose letters there are.
func (p *Page) mailboxes(w http.ResponseWriter, r *http.Request, a *ask) {
	if a.fragment {
		a.box = r.URL.Query().Get("open")
		p.draw(w, a, http.StatusOK, "mail/boxes", p.boxes(a))
		return
	}
	p.draw(w, a, http.StatusOK, "mail/page", p.mailPage(r, a, "people"))
}

func (p *Page) mailbox(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "mail/page", p.mailPage(r, a, "phone"))
}

func (p *Page) mailSwitches(w http.ResponseWriter, r *http.Request, a *ask) {
	p.draw(w, a, http.StatusOK, "mail/page", p.mailPage(r, a, "switches"))
}

// openMailbox opens the program of anybody who has an address.
func (p *Page) openMailbox(w http.ResponseWriter, r *http.Request, a *ask) {
	parsed, err := mail.ParseAddress(strings.TrimSpace(r.FormValue("address")))
	if err != nil || strings.EqualFold(parsed.Address, p.o.Mail.Shop) {
		v := p.mailPage(r, a, "people")
		v.Failed = true
		p.draw(w, a, http.StatusUnprocessableEntity, "mail/page", v)
		return
	}
	http.Redirect(w, r, a.mailLink(strings.ToLower(parsed.Address)), http.StatusSeeOther)
}

func (a *ask) mailLink(parts ...string) string {
	path := mailPrefix
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return a.wished(path)
}

// writeLetter sends a new letter, or an answer to one.
func (p *Page) writeLetter(w http.ResponseWriter, r *http.Request, a *ask) {
	d := simulator.LetterDraft{Name: r.FormValue("name"), To: []string{p.o.Mail.Shop}, Subject: r.FormValue("subject"), Text: r.FormValue("text")}
	if r.FormValue("photo") != "" {
		d.Files = append(d.Files, simulator.SamplePhoto())
	}
	if r.FormValue("document") != "" {
		d.Files = append(d.Files, simulator.SampleDocument())
	}
	var err error
	if before, ok := p.letterOf(a, r.FormValue("answer")); ok {
		d.Subject = ""
		_, err = p.o.Mail.Server.Answer(a.box, before.ID, d, r.FormValue("all") != "")
	} else {
		_, err = p.o.Mail.Server.Write(a.box, d)
	}
	p.mailDone(w, r, a, err)
}

// answerAway sends what a mail program answers by itself while its owner is away.
func (p *Page) answerAway(w http.ResponseWriter, r *http.Request, a *ask) {
	before, ok := p.letterOf(a, r.PathValue("letter"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	_, err := p.o.Mail.Server.AutoReply(a.box, before.ID, i18n.For(a.lang).T("simulator.mail.away_text"))
	p.mailDone(w, r, a, err)
}

func (p *Page) mailDone(w http.ResponseWriter, r *http.Request, a *ask, err error) {
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusUnprocessableEntity)
	case a.fragment:
		p.draw(w, a, http.StatusOK, "mail/done", p.program(a))
	default:
		http.Redirect(w, r, a.mailLink(a.box), http.StatusSeeOther)
	}
}

// letterOf finds a letter of the open mailbox by its place.
func (p *Page) letterOf(a *ask, place string) (simulator.Letter, bool) {
	letters := p.o.Mail.Server.Letters(a.box)
	n, err := strconv.Atoi(place)
	if err != nil || n < 0 || n >= len(letters) {
		return simulator.Letter{}, false
	}
	return letters[n], true
}

// letterAsSent shows the HTML of a letter, by itself and with nothing that could act.
func (p *Page) letterAsSent(w http.ResponseWriter, r *http.Request, a *ask) {
	l, ok := p.letterOf(a, r.PathValue("letter"))
	if !ok || l.HTML == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(l.HTML))
}

// letterFile gives a file of a letter, to be kept and not shown.
func (p *Page) letterFile(w http.ResponseWriter, r *http.Request, a *ask) {
	l, _ := p.letterOf(a, r.PathValue("letter"))
	n, err := strconv.Atoi(r.PathValue("file"))
	if err != nil || n < 0 || n >= len(l.Files) {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": l.Files[n].Name}))
	_, _ = w.Write(l.Files[n].Data)
}

// mailLive keeps an open mail program true.
func (p *Page) mailLive(w http.ResponseWriter, r *http.Request, a *ask) {
	changes, end := p.o.Mail.Server.Watch()
	defer end()
	p.follow(w, r, changes, func() ([]byte, error) { return p.render(a, "mail/bundle", p.program(a)) })
}

// mailView is the page of the mail programs.
type mailView struct {
	shellView
	Boxes    boxesView
	Open     string // where a mailbox is opened
	Failed   bool
	Program  *programView // nil when no mailbox is open
	Switches switchesView
}

type boxesView struct {
	URL  string
	Live bool
	List []boxView
}

// boxView is a mailbox in the list.
type boxView struct {
	Key, Address, Name, Last, URL string
	At                            time.Time
	Current                       bool
}

// programView is an open mail program.
type programView struct {
	Address, Name, Shop, Back, Tools, Live, Write string
	Letters                                       []letterView
}

// letterView is a letter in it.
type letterView struct {
	simulator.Letter
	Key            string
	Place          int
	AsSent         string // of its HTML; "" = text only
	Files          []fileView
	Away           string // sends an automatic answer
	AnswerTo, Many bool   // can be answered; to everybody too
}

type fileView struct {
	Name, URL string
	Size      int
}

func (p *Page) mailPage(r *http.Request, a *ask, pane string) mailView {
	v := mailView{shellView: p.shell(r, a, pane), Boxes: p.boxes(a), Open: a.mailLink(), Switches: p.mailSwitchesView(a)}
	v.Panes = map[string]string{"people": a.mailLink(), "switches": a.mailLink("switches")}
	if a.box != "" {
		program := p.program(a)
		v.Title, v.Program, v.Panes["phone"] = program.Name, &program, a.mailLink(a.box)
	}
	return v
}

// boxes lists the mailboxes that hold a letter, the latest first, and the open one.
func (p *Page) boxes(a *ask) boxesView {
	v := boxesView{URL: mailPrefix + "?open=" + url.QueryEscape(a.box), Live: a.box != ""}
	if a.wish != "" {
		v.URL += "&lang=" + a.wish
	}
	for _, address := range p.o.Mail.Server.People() {
		letters := p.o.Mail.Server.Letters(address)
		last := letters[len(letters)-1]
		v.List = append(v.List, boxView{
			Key: strconv.FormatUint(uint64(digest(address)), 16), Address: address, Name: nameIn(letters, address), Last: last.Subject, At: last.At,
			URL: a.mailLink(address), Current: address == a.box,
		})
	}
	slices.SortStableFunc(v.List, func(x, y boxView) int { return y.At.Compare(x.At) })
	return v
}

// nameIn is how somebody calls themselves in their letters.
func nameIn(letters []simulator.Letter, otherwise string) string {
	for _, l := range slices.Backward(letters) {
		if l.Mine && l.FromName != "" {
			return l.FromName
		}
	}
	return otherwise
}

func (p *Page) program(a *ask) programView {
	letters := p.o.Mail.Server.Letters(a.box)
	v := programView{
		Address: a.box, Name: nameIn(letters, a.box), Shop: p.o.Mail.Shop, Back: a.mailLink(), Tools: a.mailLink("switches"),
		Live: a.mailLink(a.box, "live"), Write: a.mailLink(a.box),
	}
	for n, l := range slices.Backward(letters) {
		v.Letters = append(v.Letters, a.letter(n, l))
	}
	return v
}

func (a *ask) letter(n int, l simulator.Letter) letterView {
	place := strconv.Itoa(n)
	v := letterView{Letter: l, Key: "l" + place, Place: n, AnswerTo: !l.Mine, Many: len(l.To)+len(l.Cc) > 1}
	v.FromName = cmp.Or(l.FromName, l.From)
	if l.HTML != "" {
		v.AsSent = a.mailLink(a.box, place)
	}
	if !l.Mine {
		v.Away = a.mailLink(a.box, place, "away")
	}
	for i, f := range l.Files {
		v.Files = append(v.Files, fileView{f.Name, a.mailLink(a.box, place, "files", strconv.Itoa(i)), len(f.Data)})
	}
	return v
}

// mailFault is a switch of the provider.
type mailFault struct {
	name string // as of fault
	is   func(simulator.MailFaults) bool
	set  func(*simulator.MailFaults)
}

// noSuchMailbox is the reply by which a server refuses a recipient for good.
const noSuchMailbox = 550

var mailFaults = []mailFault{
	{"mail_delay", func(f simulator.MailFaults) bool { return f.Delay > 0 }, func(f *simulator.MailFaults) { f.Delay = slowAnswer }},
	{"mail_limited", func(f simulator.MailFaults) bool { return f.Limited }, func(f *simulator.MailFaults) { f.Limited = true }},
	{"mail_busy", func(f simulator.MailFaults) bool { return f.Busy }, func(f *simulator.MailFaults) { f.Busy = true }},
	{"mail_cut", func(f simulator.MailFaults) bool { return f.CutAfter }, func(f *simulator.MailFaults) { f.CutAfter = true }},
	{"mail_login", func(f simulator.MailFaults) bool { return f.RefuseLogin }, func(f *simulator.MailFaults) { f.RefuseLogin = true }},
	{"mail_refused", func(f simulator.MailFaults) bool { return f.Code != 0 }, func(f *simulator.MailFaults) { f.Code, f.Enhanced = noSuchMailbox, [3]int{5, 1, 1} }},
	{"mail_bounce", func(f simulator.MailFaults) bool { return f.Bounce }, func(f *simulator.MailFaults) { f.Bounce = true }},
}

func (p *Page) mailSwitchesView(a *ask) switchesView {
	now, v := p.o.Mail.Server.Faults(), switchesView{URL: a.mailLink("faults")}
	for _, f := range mailFaults {
		v.List = append(v.List, switchOf(f.name, f.is(now)))
	}
	return v
}

// setMailFaults takes the whole form: what is not in it is off.
func (p *Page) setMailFaults(w http.ResponseWriter, r *http.Request, a *ask) {
	var wanted simulator.MailFaults
	for _, f := range mailFaults {
		if r.FormValue(f.name) != "" {
			f.set(&wanted)
		}
	}
	p.o.Mail.Server.SetFaults(wanted)
	if a.fragment {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	http.Redirect(w, r, a.mailLink("switches"), http.StatusSeeOther)
}

// mailDevice is the entry of the mail programs among the devices.
func (p *Page) mailDevice() []Device {
	if p.o.Mail.Server == nil {
		return nil
	}
	return []Device{{Kind: domain.Email, Sub: p.o.Mail.Shop, URL: mailPrefix}}
}
