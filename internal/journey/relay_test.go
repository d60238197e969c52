package journey_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// relay stands between browsers and the desk, as a router does: it counts what is open, and can lose it without a word.
//
// It listens on the desk's own port at another of this machine's addresses, so that browsers ask for a host that the
// desk may be told to answer to (see behindRelay).
type relay struct {
	address string // http://127.0.0.2:…

	listener net.Listener
	target   string

	mu    sync.Mutex
	links map[*link]bool // open connections; guarded by mu
	slow  string         // requests of paths with this beginning are held back; guarded by mu
	hold  time.Duration  // for so long; guarded by mu
	mute  bool           // streams that are opened from now on are lost at once; guarded by mu
}

// link is a connection of a browser.
type link struct {
	browser, desk net.Conn

	mu    sync.Mutex
	path  string // of the newest request; guarded by mu
	taken bool   // nothing comes through any more; guarded by mu
}

// relayHost is where a relay listens: this machine, by another number.
const relayHost = "127.0.0.2"

// behindRelay is what a desk has to be told to answer to browsers that come through a relay.
var behindRelay = []string{"PULT_SERVER_ALLOWED_HOSTS=" + relayHost, "PULT_PUBLIC_ALLOWED_HOSTS=" + relayHost}

// newRelay puts a relay in front of an address of the desk: http://127.0.0.1:….
func newRelay(t *testing.T, address string) *relay {
	t.Helper()
	target := strings.TrimPrefix(address, "http://")
	_, port, err := net.SplitHostPort(target)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", net.JoinHostPort(relayHost, port))
	if err != nil {
		t.Fatalf("a relay needs a second loopback address: %v", err)
	}
	r := &relay{address: "http://" + l.Addr().String(), listener: l, target: target, links: map[*link]bool{}}
	t.Cleanup(r.close)
	go r.accept()
	return r
}

func (r *relay) close() {
	_ = r.listener.Close()
	r.cut()
}

func (r *relay) accept() {
	for {
		browser, err := r.listener.Accept()
		if err != nil {
			return
		}
		desk, err := net.Dial("tcp", r.target)
		if err != nil {
			_ = browser.Close()
			continue
		}
		w := &link{browser: browser, desk: desk}
		r.mu.Lock()
		r.links[w] = true
		r.mu.Unlock()
		var both sync.WaitGroup
		both.Go(func() { r.carry(w, desk, browser, true) })
		both.Go(func() { r.carry(w, browser, desk, false) })
		go func() {
			both.Wait()
			r.mu.Lock()
			delete(r.links, w)
			r.mu.Unlock()
		}()
	}
}

// carry copies one direction until either side closes; then it closes both.
func (r *relay) carry(w *link, to io.Writer, from io.Reader, request bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if request {
			r.read(w, buffer[:n])
		}
		if n > 0 && !w.lost() {
			if _, failed := to.Write(buffer[:n]); failed != nil {
				err = failed
			}
		}
		if err != nil {
			_ = w.browser.Close()
			_ = w.desk.Close()
			return
		}
	}
}

// read notes what a browser asks for. Browsers write the head of a request at once.
func (r *relay) read(w *link, sent []byte) {
	line, _, ok := bytes.Cut(sent, []byte("\r\n"))
	fields := strings.Fields(string(line))
	if !ok || len(fields) != 3 || !strings.HasPrefix(fields[2], "HTTP/1") {
		return
	}
	r.mu.Lock()
	held := r.slow != "" && strings.HasPrefix(fields[1], r.slow)
	hold, mute := r.hold, r.mute
	r.mu.Unlock()
	w.mu.Lock()
	w.path, _, _ = strings.Cut(fields[1], "?")
	w.taken = w.taken || mute && strings.HasSuffix(w.path, "/live")
	w.mu.Unlock()
	if held {
		time.Sleep(hold) // as a slow network does
	}
}

func (w *link) lost() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.taken
}

func (w *link) isStream() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.HasSuffix(w.path, "/live")
}

func (r *relay) list() []*link {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*link
	for w := range r.links {
		all = append(all, w)
	}
	return all
}

// streams is how many connections are open whose newest request is for a stream.
func (r *relay) streams() (n int) {
	for _, w := range r.list() {
		if w.isStream() && !w.lost() {
			n++
		}
	}
	return n
}

// until waits until so many streams are open, and stay no more than that.
func (r *relay) until(t *testing.T, limit time.Duration, want int, what string) {
	t.Helper()
	for end := time.Now().Add(limit); ; time.Sleep(20 * time.Millisecond) {
		if r.streams() == want {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%s: %d streams are open, want %d", what, r.streams(), want)
			return
		}
	}
}

// stays makes sure that for a second no more streams are open than expected.
func (r *relay) stays(t *testing.T, want int, what string) {
	t.Helper()
	for end := time.Now().Add(time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if n := r.streams(); n > want {
			t.Errorf("%s: %d streams are open, want %d", what, n, want)
			return
		}
	}
}

// swallow loses what is open: nothing comes through any more, in neither direction, and nobody is told. Connections
// that wait for a request are closed, as routers do with them first. It reports how many streams it lost.
func (r *relay) swallow() (streams int) {
	for _, w := range r.list() {
		if !w.isStream() {
			_ = w.browser.Close()
			_ = w.desk.Close()
			continue
		}
		w.mu.Lock()
		w.taken = true
		w.mu.Unlock()
		streams++
	}
	return streams
}

// silence has streams that are opened from now on lost as well, or ends that.
func (r *relay) silence(yes bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mute = yes
}

// cut closes what is open.
func (r *relay) cut() {
	for _, w := range r.list() {
		_ = w.browser.Close()
		_ = w.desk.Close()
	}
}

// delay holds back requests of paths with a beginning; "" ends it.
func (r *relay) delay(path string, hold time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.slow, r.hold = path, hold
}
