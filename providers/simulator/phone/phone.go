// Package phone is the page on which a person plays the customers: the telephone of anyone the simulator knows, and the
// switches by which the pretend vendor misbehaves.
//
// It sees what a customer sees and nothing of the desk. Pages are drawn on the server and work without script; with it, one
// stream keeps the open telephone true. A telephone whose stream is connected lies open in somebody's hand, so the stream is
// also what reads the shop's messages: a page that was only fetched read nothing.
package phone

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"pult/i18n"
	"pult/providers/simulator"
)

// prefix is where the page is mounted.
const prefix = "/simulator"

//go:embed page.html thread.html mail.html call.html
var pages embed.FS

// Options are what the page needs. All but Mail and Devices are required.
type Options struct {
	Simulator *simulator.Simulator
	Location  *time.Location // in which times are shown
	Now       func() time.Time
	Mail      Mail     // zero = nobody has letters
	Devices   []Device // beside the simulator's numbers and the mail programs
}

// Page serves the telephones. It is safe for many callers.
type Page struct {
	o     Options
	sim   *simulator.Simulator
	mux   *http.ServeMux
	mail  *http.ServeMux                // below mailPrefix
	sets  map[string]*template.Template // by language
	ended chan struct{}                 // closed by Close
	end   sync.Once
	heed  sync.Once // asks the server to be told of its stop

	mu     sync.Mutex
	unread map[string]bool // numbers whose customers send no read receipts; guarded by mu
}

// New makes the page. Requests are expected with the path as the browser sent it, beginning with /simulator.
func New(o Options) *Page {
	p := &Page{o: o, sim: o.Simulator, mux: http.NewServeMux(), mail: http.NewServeMux(), sets: map[string]*template.Template{}, ended: make(chan struct{}), unread: map[string]bool{}}
	for _, lang := range i18n.Languages {
		p.sets[lang] = template.Must(template.New("").Funcs(p.funcs(i18n.For(lang))).ParseFS(pages, "*.html"))
	}
	p.routes()
	p.mailRoutes()
	return p
}

// Close ends the open streams, which otherwise last as long as their browsers want; a stop of the server calls it. It may be
// called twice.
func (p *Page) Close() { p.end.Do(func() { close(p.ended) }) }

func (p *Page) routes() {
	const number, thread = prefix + "/{number}", prefix + "/{number}/{customer}"
	for pattern, handle := range map[string]func(http.ResponseWriter, *http.Request, *ask){
		"GET " + prefix + "/{$}":             p.people,
		"GET " + prefix:                      p.people,
		"GET " + number:                      p.people,
		"GET " + number + "/switches":        p.switches,
		"GET " + number + "/telephones":      p.listTelephones,
		"POST " + number + "/telephones":     p.handle,
		"POST " + thread + "/call":           p.dial,
		"POST " + number + "/customers":      p.create,
		"POST " + number + "/faults":         p.setFaults,
		"GET " + thread:                      p.thread,
		"GET " + thread + "/switches":        p.switches,
		"GET " + thread + "/live":            p.live,
		"GET " + thread + "/compose":         p.compose,
		"GET " + thread + "/files/{message}": p.file,
		"POST " + thread + "/say":            p.say,
		"POST " + thread + "/attach":         p.attach,
		"POST " + thread + "/choose":         p.choose,
		"POST " + thread + "/react":          p.react,
		"POST " + thread + "/delete":         p.delete,
		"POST " + thread + "/echo":           p.echo,
		"POST " + thread + "/age":            p.age,
	} {
		p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, handle) })
	}
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

// ask is what every handler wants to know of a request: who holds which telephone, in what language.
type ask struct {
	lang     string
	wish     string // the language as the address asked for it, to be kept in links; "" = the browser's
	theme    string
	number   simulator.Number
	customer *simulator.Customer // nil when none is chosen
	device   string              // address of the Device; "" = a number
	box      string              // of a mail program: its owner's address; "" = none is open
	fragment bool                // asked for by htmx
}

func (p *Page) serve(w http.ResponseWriter, r *http.Request, handle func(http.ResponseWriter, *http.Request, *ask)) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	a := asked(r)
	if !p.find(r, a) {
		http.NotFound(w, r)
		return
	}
	handle(w, r, a)
}

// asked is who asks in what language and with what taste.
func asked(r *http.Request) *ask {
	a := &ask{wish: r.URL.Query().Get("lang"), fragment: r.Header.Get("HX-Request") != ""}
	if i18n.For(a.wish).Lang() != a.wish {
		a.wish = ""
	}
	if a.lang = a.wish; a.lang == "" {
		a.lang = i18n.Match(r.Header.Get("Accept-Language"))
	}
	if c, err := r.Cookie("pult_theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		a.theme = c.Value
	}
	return a
}

// find looks up the number and the customer that the path names; without a number it is the first.
func (p *Page) find(r *http.Request, a *ask) bool {
	numbers, wanted := p.sim.Numbers(), r.PathValue("number")
	for _, n := range numbers {
		if n.ID == wanted || wanted == "" && a.number.ID == "" {
			a.number = n
		}
	}
	if id := r.PathValue("customer"); id != "" {
		c, ok := p.sim.Customer(id)
		if !ok {
			return false
		}
		a.customer = &c
	}
	return a.number.ID != ""
}

// link is an address of the page in the language that was asked for.
func (a *ask) link(parts ...string) string {
	path := prefix
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return a.wished(path)
}

// wished adds the language that was asked for to an address without a query.
func (a *ask) wished(address string) string {
	if a.wish == "" {
		return address
	}
	return address + "?lang=" + a.wish
}

// here is the address of the open telephone, or of one of its parts.
func (a *ask) here(part ...string) string {
	return a.link(append([]string{a.number.ID, a.customer.ID}, part...)...)
}

// draw renders a block to a buffer, so that an error never leaves half a page, and answers with it.
func (p *Page) draw(w http.ResponseWriter, a *ask, status int, block string, view any) {
	body, err := p.render(a, block, view)
	if err != nil {
		http.Error(w, "the page could not be drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "HX-Request, Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (p *Page) render(a *ask, block string, view any) ([]byte, error) {
	var b bytes.Buffer
	err := p.sets[a.lang].ExecuteTemplate(&b, block, view)
	return b.Bytes(), err
}
