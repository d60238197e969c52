// Package phone is the page on which a person plays the customers: the telephone of anyone the simulator knows, and the
// switches by which the pretend vendor misbehaves.
//
// It sees what a customer sees and nothing of the desk. Pages are drawn on the server and work without script; with
// it, a telephone that is looked at asks for its news. Such a telephone lies open in somebody's hand, so this is also
// what reads the shop's messages: a page that was only fetched read nothing.
package phone

import (
	"embed"
	"html/template"
	"net/http"
	"strings"

	"pult/i18n"
)

//go:embed page.html thread.html mail.html call.html
var pages embed.FS

// New makes the page. Requests are expected with the path as the browser sent it, beginning with /simulator.
func New(o Options) *Page {
	p := &Page{
		o:      o,
		world:  o.World,
		mux:    http.NewServeMux(),
		mail:   http.NewServeMux(),
		sets:   map[string]*template.Template{},
		ended:  make(chan struct{}),
		unread: map[string]bool{},
	}
	for _, lang := range i18n.Languages {
		p.sets[lang] = template.Must(template.New("").Funcs(p.newFuncs(i18n.For(lang))).ParseFS(pages, "*.html"))
	}
	p.routes()
	p.mailRoutes()
	return p
}

func (p *Page) routes() {
	const number, thread = prefix + "/{number}", prefix + "/{number}/{customer}"
	h, s := handset{p}, switchboard{p}
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, *ask){
		"GET " + prefix + "/{$}":             p.showPeople,
		"GET " + prefix:                      p.showPeople,
		"GET " + number:                      p.showPeople,
		"GET " + number + "/switches":        p.showSwitches,
		"GET " + number + "/telephones":      s.showTelephones,
		"POST " + number + "/telephones":     s.useTelephone,
		"POST " + thread + "/call":           s.dialShop,
		"POST " + number + "/customers":      p.createCustomer,
		"POST " + number + "/faults":         p.setFaults,
		"GET " + thread:                      p.showThread,
		"GET " + thread + "/switches":        p.showSwitches,
		"GET " + thread + "/news":            p.answerNews,
		"GET " + thread + "/compose":         h.showComposer,
		"GET " + thread + "/files/{message}": h.sendFile,
		"POST " + thread + "/say":            h.sendText,
		"POST " + thread + "/attach":         h.sendAttachment,
		"POST " + thread + "/choose":         h.tapButton,
		"POST " + thread + "/react":          h.reactTo,
		"POST " + thread + "/delete":         h.deleteMessage,
		"POST " + thread + "/echo":           h.sendEcho,
		"POST " + thread + "/age":            h.ageThread,
	} {
		p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, handle) })
	}
	p.mux.HandleFunc("GET "+prefix+"/live", p.streamChanges)
}

// ServeHTTP answers a request below /simulator.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == mailPrefix || strings.HasPrefix(r.URL.Path, mailPrefix+"/") {
		p.mail.ServeHTTP(w, r)
		return
	}
	p.mux.ServeHTTP(w, r)
}

// mostBody bounds what a form may send in bytes: the largest file a customer could send, and some room.
const mostBody = 17 << 20

func (p *Page) serve(w http.ResponseWriter, r *http.Request, handle func(http.ResponseWriter, *http.Request, *ask)) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	a := readAsk(r)
	if !p.findNumber(r, a) {
		http.NotFound(w, r)
		return
	}
	handle(w, r, a)
}

// findNumber looks up the number and the customer that the path names; without a number it is the first.
func (p *Page) findNumber(r *http.Request, a *ask) bool {
	wanted := r.PathValue("number")
	for _, n := range p.world.Numbers() {
		if n.ID == wanted || wanted == "" && a.number.ID == "" {
			a.number = n
		}
	}
	a.traits = p.world.Traits(a.number.ID)
	if id := r.PathValue("customer"); id != "" {
		c, ok := p.world.Customer(id)
		if !ok {
			return false
		}
		a.customer = &c
	}
	return a.number.ID != ""
}

func (p *Page) mailRoutes() {
	if p.o.Mail.Server == nil {
		return
	}
	m := mailPrograms{page: p, server: p.o.Mail.Server, shop: p.o.Mail.Shop}
	const box = mailPrefix + "/{box}"
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, *ask){
		"GET " + mailPrefix:                     m.showMailboxes,
		"POST " + mailPrefix:                    m.openMailbox,
		"POST " + mailPrefix + "/faults":        m.setFaults,
		"GET " + mailPrefix + "/switches":       m.showSwitches,
		"GET " + box:                            m.showMailbox,
		"POST " + box:                           m.writeLetter,
		"GET " + box + "/news":                  m.answerNews,
		"GET " + box + "/{letter}":              m.showLetter,
		"POST " + box + "/{letter}/away":        m.answerAway,
		"GET " + box + "/{letter}/files/{file}": m.sendLetterFile,
	} {
		p.mail.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, mostBody)
			a := readAsk(r)
			a.device, a.box = mailPrefix, r.PathValue("box")
			handle(w, r, a)
		})
	}
}
