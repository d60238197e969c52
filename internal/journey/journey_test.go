package journey_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pult/i18n"
	"pult/internal/demo"
)

// The journeys are what people do at the desk, in a real browser. Customers write on the
// simulated telephones. Each journey brings customers of its own, so that all of them can share one desk.

// Who works at the demo desk; see docs/demo.md.
const (
	demoEmail    = demo.Email
	demoPassword = demo.Password

	alena = "alena@pult.example"
	laure = "laure@pult.example"
	tom   = "tom@pult.example"
)

// shared is the desk of the journeys that need none of their own.
var shared struct {
	once sync.Once
	demo *process
	err  error
}

// sharedDemo gives the desk that journeys share.
func sharedDemo(t *testing.T) *process {
	t.Helper()
	startBrowser(t) // without one the journey is skipped and needs no desk
	shared.once.Do(func() { shared.demo, shared.err = start(nil, "-demo") })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.demo
}

func closeSharedDemo() {
	if shared.demo != nil {
		shared.demo.kill()
	}
}

// signedIn opens a browser in which somebody is at work.
func signedIn(t *testing.T, demo *process, email string) *page {
	t.Helper()
	p := newReader(t, demo.desk)
	p.signIn(email)
	return p
}

func (p *page) signIn(email string) {
	p.t.Helper()
	p.open("/signin")
	p.fill("#field-email", email)
	p.fill("#field-password", demoPassword)
	p.press("Enter")
	p.at("/chats")
	p.ready()
}

// says gives the words of a message key in a language.
func says(lang, key string, args ...any) string { return i18n.For(lang).T(key, args...) }

// customer is a person with a simulated telephone.
type customer struct {
	t     *testing.T
	name  string
	phone string // E.164
	shop  string // which number they write to, as /simulator calls it
	demo  *process
	hand  *visitor // holds the telephone
	path  string   // of the telephone's page
}

var customers atomic.Int64 // how many journeys have brought: each has another number

// newCustomer gives a new person a telephone. The name should be unlike all others.
func newCustomer(t *testing.T, demo *process, name string) *customer {
	t.Helper()
	return newCustomerOf(t, demo, "100000000000001", name)
}

// newCustomerOf gives a new person a telephone with which they write to any number of the shop's.
func newCustomerOf(t *testing.T, demo *process, shop, name string) *customer {
	t.Helper()
	c := &customer{t: t, name: name, shop: shop, phone: fmt.Sprintf("+4207773%05d", customers.Add(1)), demo: demo, hand: newVisitor(t)}
	c.hand.signIn(demo.desk)
	res := c.post("/simulator/"+shop+"/customers", url.Values{"name": {name}, "phone": {c.phone}})
	c.path = res.Request.URL.Path
	return c
}

func (c *customer) post(path string, form url.Values) *http.Response {
	c.t.Helper()
	res, err := c.hand.PostForm(c.demo.desk+path, form)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, res.Body)
	if res.StatusCode != http.StatusOK {
		c.t.Fatalf("%s with %v: status %d", path, form, res.StatusCode)
	}
	return res
}

// writes sends a text to the shop.
func (c *customer) writes(text string) {
	c.t.Helper()
	c.post(c.path+"/say", url.Values{"text": {text}})
}

// sendsPhoto sends a picture to the shop.
func (c *customer) sendsPhoto() {
	c.t.Helper()
	c.post(c.path+"/attach", url.Values{"kind": {"photo"}})
}

// vendorFails switches one way in which the vendor misbehaves on or off, and all others off.
func (c *customer) vendorFails(name string, on bool) {
	c.t.Helper()
	form := url.Values{"receipts": {"1"}}
	if on {
		form.Set(name, "1")
	}
	c.post("/simulator/"+c.shop+"/faults", form)
}

// looks takes the telephone in the hand until the end of the test: what the shop wrote becomes read.
func (c *customer) looks() {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, c.demo.desk+"/simulator/live", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	hand := &http.Client{Jar: c.hand.Jar} // without the time limit of the others
	res, err := hand.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	go func() {
		defer res.Body.Close()
		for lines := bufio.NewScanner(res.Body); lines.Scan(); { // ends with the test
			if lines.Text() != "event: moved" {
				continue
			}
			if news, err := hand.Get(c.demo.desk + c.path + "/news"); err == nil {
				_ = news.Body.Close()
			}
		}
	}()
}

// chat waits until the desk knows what the customer wrote and gives the path of the conversation.
func (c *customer) chat() string {
	c.t.Helper()
	return chatOf(c.t, c.hand, c.demo, c.name)
}

var rowID = regexp.MustCompile(`id="row-([0-9a-z]+)"`)

// chatOf waits until a search in the table finds one conversation and gives its path.
func chatOf(t *testing.T, v *visitor, demo *process, text string) string {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		body := v.get(demo.desk + "/chats?q=" + url.QueryEscape(text))
		if found := rowID.FindStringSubmatch(body); found != nil {
			return "/chats/" + found[1]
		}
	}
	t.Fatalf("no conversation with %q", text)
	return ""
}

func (v *visitor) get(address string) string {
	v.t.Helper()
	res, err := v.Get(address)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return string(body)
}

// until asks for an address until its page holds the text.
func (v *visitor) until(address, text string) {
	v.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if strings.Contains(v.get(address), text) {
			return
		}
	}
	v.t.Fatalf("%s never held %q", address, text)
}

// row is the row of a conversation in the table.
func row(chat string) string { return "#row-" + strings.TrimPrefix(chat, "/chats/") }

// answer writes into the composer and sends with Enter.
func (p *page) answer(text string) {
	p.t.Helper()
	p.fill("#composer-text", text)
	p.press("Enter")
}

// bubble is script that finds the message with a text.
func bubble(text string) string {
	return fmt.Sprintf(
		`[...document.querySelectorAll("#messages .msg")].find((m) => m.querySelector(".msg-text")?.textContent.includes(%s))`,
		quote(text),
	)
}

// picture draws a PNG that a channel takes.
func picture(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 160, 120))
	for i := range 160 * 120 {
		img.Set(i%160, i/160, color.RGBA{uint8(i % 251), uint8(i / 160), 90, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pictureFile is a picture on the reader's disk.
func pictureFile(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, picture(t), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// paste pastes a picture into the composer.
func (p *page) paste(picture []byte) {
	p.t.Helper()
	eval[bool](p, fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%s), (c) => c.charCodeAt(0));
		const clipboardData = new DataTransfer();
		clipboardData.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
		document.getElementById("composer-text").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
		return true;
	})()`, quote(base64.StdEncoding.EncodeToString(picture))))
}
