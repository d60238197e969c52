package phone

import (
	"bytes"
	"html/template"
	"net/http"
	"sync"
	"time"

	"pult/domain"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

// Options are what the page needs. All but Mail and Devices are required.
type Options struct {
	World    *world.World
	Location *time.Location // in which times are shown
	Now      func() time.Time
	Mail     Mail     // zero = nobody has letters
	Devices  []Device // beside the world's numbers and the mail programs
}

// Page serves the telephones. It is safe for many callers.
type Page struct {
	o     Options
	world *world.World
	mux   *http.ServeMux
	mail  *http.ServeMux                // below mailPrefix
	sets  map[string]*template.Template // by language
	ended chan struct{}                 // closed by Close
	end   sync.Once
	heed  sync.Once // asks the server to be told of its stop

	mu     sync.Mutex
	unread map[string]bool // numbers whose customers send no read receipts; guarded by mu
}

// Device is something a customer writes or calls with that is no number of the simulator's: a mail program, a web
// page, a telephone to speak into.
type Device struct {
	Kind domain.ChannelKind
	Sub  string // whom it reaches: an address, a number
	URL  string // of its page
}

// Mail are the customers' mail programs and the provider they share with the shop.
type Mail struct {
	Server *mail.Server
	Shop   string // address that letters go to
}

// Close ends the open streams, which otherwise last as long as their browsers want; a stop of the server calls it. It
// may be called twice.
func (p *Page) Close() { p.end.Do(func() { close(p.ended) }) }

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
