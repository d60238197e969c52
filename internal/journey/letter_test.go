package journey_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	chromepage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

func TestJourney_LetterIsReadAndAnswered(t *testing.T) {
	startBrowser(t)
	d := newLetterDesk(t)
	p := d.reader()
	in := d.MailFrom(d.mail, "Jana Malá", "jana@customer.example", "Re: Order 7", "Where is my order?")
	in.Mail.Cc = []domain.MailAddress{{Name: "Pavel", Address: "pavel@customer.example"}}
	in.Mail.Quoted, in.HTML, in.Mail.Pictures, in.Source = "It left on Monday.", `<p>Where is <b>my order</b>?</p>`, true, true
	in.Attachments = []domain.Attachment{{State: domain.FileFetching, Name: "receipt.txt", MIME: "text/plain", VendorID: "part-2"}}
	d.Mail.Keep("part-2", "paid")
	began := d.Receive(d.mail, in)
	chat := "/chats/" + began.ID.String()

	p.reads(row(chat)+" .table-subject", "Order 7")
	p.click(row(chat) + " .table-text")
	p.at(chat)
	p.ready()
	p.reads("#conversation-head .pane-subject", "Order 7")
	p.reads(".msg-text", "Where is my order?")
	p.sees(".attachment-file[href]")
	p.misses(".letter-quoted .msg-text")
	p.click("#messages .msg .msg-meta")
	p.press("q")
	p.reads(".letter-quoted .msg-text", "It left on Monday.")
	p.press("q")
	p.misses(".letter-quoted .msg-text")
	p.click(".letter-head > summary")
	p.reads(".letter-head .facts", "pavel@customer.example")

	p.click(".letter-written > summary")
	p.sees(".letter-frame")
	p.misses("#messages .msg > .msg-text")
	p.click(".letter-tools a[target^=letter-]")
	p.click(".letter-written > summary")
	p.sees("#messages .msg > .msg-text")

	p.click(".composer-letter summary")
	p.fill("#composer-cc", "pavel@customer.example, žluťoučký@kůň.example")
	p.fill("#composer-text", "Tomorrow,\nwe promise.")
	p.press("Enter", chromedp.ModifierCtrl)
	p.reads("#composer-error", says("en", "error.mail_address", "address", "žluťoučký@kůň.example"))
	p.fill("#composer-cc", "boss@customer.example")
	p.paste(picture(t))
	p.sees("#uploads [data-file]")
	p.press("Enter", chromedp.ModifierCtrl)
	p.until("it is sent", bubble("we promise")+`?.matches("[data-state=sent]")`)

	d.Settle()
	sent := d.Mail.Sent()
	if len(sent) != 1 {
		t.Fatalf("%d letters left, want 1", len(sent))
	}
	got := sent[0]
	if got.Mail.Subject != "Re: Order 7" || got.Mail.InReplyTo != in.VendorID || len(got.Files) != 1 ||
		!strings.HasPrefix(got.Text, "Tomorrow,\nwe promise.") {
		t.Errorf("got %+v with %d files: %q", got.Mail, len(got.Files), got.Text)
	}
	if len(got.Mail.Cc) != 1 || got.Mail.Cc[0].Address != "boss@customer.example" {
		t.Errorf("copies went to %v, want to the one that was typed", got.Mail.Cc)
	}
	answer := d.MailFrom(d.mail, "Boss", "boss@customer.example", "Re: Order 7", "Thank you")
	answer.Mail.InReplyTo, answer.Mail.Cc = got.Mail.MessageID, []domain.MailAddress{{Address: "newcomer@customer.example"}}
	d.Post(d.mail, carrier.Batch{Messages: []carrier.InboundMessage{answer}})
	p.until("the answer stands in the same thread", bubble("Thank you"))
	p.reads("#composer-cc", "newcomer@customer.example")
}

func TestJourney_LettersTravelByRealServers(t *testing.T) {
	startBrowser(t)
	d := newLetterDesk(t)
	provider := d.realMail()
	p := d.reader()
	const customer = "jana@customer.example"
	first, err := provider.Write(customer, mail.Draft{
		Name:    "Jana Malá",
		To:      []string{d.mail.Account},
		Cc:      []string{"pavel@customer.example"},
		Subject: "Order 7",
		Text:    "Where is my order?",
		HTML:    `<p>Where is <b>my order</b>?<img src="cid:pic@x"></p>`,
		Files: []world.File{{
			ID:   "pic@x",
			Name: "pic.png",
			MIME: "image/png",
			Data: picture(t),
		}, {
			Name: "receipt.txt",
			MIME: "text/plain",
			Data: []byte("paid"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.reads("#chat-rows .table-subject", "Order 7")
	p.click("#chat-rows .table-text")
	p.reads("#conversation-head .pane-subject", "Order 7")
	p.reads(".msg-text", "Where is my order?")
	p.sees(".attachment-file[href]")
	p.click(".letter-written > summary")
	p.sees(".letter-frame")

	p.click(".composer-letter summary")
	p.fill("#composer-cc", "pavel@customer.example, boss@customer.example")
	p.fill("#composer-text", "Tomorrow, we promise.")
	p.paste(picture(t))
	p.sees("#uploads [data-file]")
	p.press("Enter", chromedp.ModifierCtrl)
	p.until("it is sent", bubble("we promise")+`?.matches("[data-state=sent]")`)
	got := provider.Letters(customer)[1]
	if got.InReplyTo != first.ID || got.Subject != "Re: Order 7" || len(got.Files) != 1 || len(got.Cc) != 2 ||
		!strings.Contains(got.Text, "> Where is my order?") {
		t.Errorf("the customer got %+v", got)
	}

	if _, err := provider.Answer("boss@customer.example", got.ID, mail.Draft{Name: "Boss", Text: "Thank you"}, false); err != nil {
		t.Fatal(err)
	}
	p.until("an answer of one who got a copy stands in the same thread", bubble("Thank you"))
	p.misses(".letter-marks")
	if err := provider.Bounce(customer, got.ID, "5.1.1", "no such user"); err != nil {
		t.Fatal(err)
	}
	p.until("the letter came back", bubble("we promise")+`?.matches("[data-state=failed]")`)
}

func TestJourney_NewLetterIsBegun(t *testing.T) {
	startBrowser(t)
	d := newLetterDesk(t)
	p := d.reader()
	p.open("/chats/new?channel=" + d.mail.ID.String())
	p.fill("#start-to", "new@customer.example")
	p.click("#start-results a.template-item")
	p.sees("#letter-form")
	p.click("#letter-form .btn-primary")
	p.sees("#error-subject")
	p.sees("#error-text")
	p.fill("#field-subject", "Your order")
	p.fill("#field-text", "Hello,\n\nit is ready.")
	p.click("#letter-form .btn-primary")
	p.reads("#conversation-head .pane-subject", "Your order")
	d.Settle()
	if sent := d.Mail.Sent(); len(sent) != 1 || sent[0].To.Value != "new@customer.example" || sent[0].Mail.Subject != "Your order" ||
		sent[0].Text != "Hello,\n\nit is ready." {
		t.Errorf("got %+v", sent)
	}
}

func TestJourney_LettersOnANarrowScreen(t *testing.T) {
	startBrowser(t)
	d := newLetterDesk(t)
	m := d.written(strings.Repeat("word ", 300), "<table width=2000><tr><td>"+strings.Repeat("w", 3000)+"</table>")
	p := d.reader()
	p.size(390, 844)
	p.open("/chats/" + m.ConversationID.String())
	p.click(".letter-written > summary")
	p.sees(".letter-frame")
	p.click(".letter-head > summary")
	p.click(".composer-letter summary")
	p.noOverflow()
}

// hostileLetters are letters written to do harm: their own files, beside a few that stand here so that there are always
// some.
func hostileLetters(t *testing.T) map[string]string {
	t.Helper()
	letters := map[string]string{
		"script":         `<p>x<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>`,
		"style":          `<style>@import url(https://evil.example/a.css);body{background:url(https://evil.example/b.png)}</style><div style="background:url('https://evil.example/c.png')">x</div>`,
		"picture":        `<img src="https://evil.example/pixel.png"><img srcset="https://evil.example/2x.png 2x"><picture><source srcset="https://evil.example/s.png"><img></picture><video poster="https://evil.example/p.png"><input type=image src="https://evil.example/i.png">`,
		"frame":          `<iframe src="https://evil.example/"></iframe><object data="https://evil.example/"></object><embed src="https://evil.example/">`,
		"refresh":        `<meta http-equiv=refresh content="0;url=https://evil.example/"><base href="https://evil.example/"><link rel=stylesheet href="https://evil.example/x.css"><link rel=dns-prefetch href="//evil.example"><link rel=preconnect href="https://evil.example">`,
		"form":           `<form action="https://evil.example/" id=f><input name=a autofocus onfocus="this.form.submit()"><button>x</button></form>`,
		"mutation":       `<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
		"escape":         `</body></html><script>parent.document.title="taken"</script><a href="javascript:alert(1)" target=_top>x</a>`,
		"htmx":           `<div hx-get="/signout" hx-trigger="load">x</div><div hx-on:click="alert(1)">x</div>`,
		"data documents": `<a href="data:text/html,<script>alert(1)</script>">x</a><img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>">`,
	}
	for _, pattern := range []string{"../../domain/mailhtml/testdata/hostile/*.html", "../../providers/email/testdata/hostile/*.html"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			letters[file] = string(b)
		}
	}
	return letters
}

// TestLetter_HostileOnesDoNothing opens letters that want to harm in a browser for which every name in the world is
// this machine: whatever a letter asks for from anywhere knocks at a door that counts.
func TestLetter_HostileOnesDoNothing(t *testing.T) {
	startBrowser(t)
	d := newLetterDesk(t)
	door := newDoor(t)
	p := d.watched(door)
	p.signIn(d.Jana.Email)
	letters := hostileLetters(t)
	for names := range slices.Chunk(slices.Sorted(maps.Keys(letters)), 20) {
		messages := d.thread(names, letters)
		p.open("/chats/" + messages[0].ConversationID.String())
		p.until("all letters are loaded", fmt.Sprintf(`(() => {
			for (const frame of document.querySelectorAll(".letter-frame")) frame.loading = "eager";
			return performance.getEntriesByType("resource").filter((e) => e.name.endsWith("/letter")).length >= %d;
		})()`, len(messages)))
		if title := eval[string](p, "document.title"); strings.Contains(title, "taken") {
			t.Errorf("a letter changed the page: %s", title)
		}
		for i, m := range messages {
			if !strings.Contains(names[i], "/") {
				p.alone(m.ID, "") // where only the policy of the answer guards it
			}
			if n := door.knocks.Load(); n > 0 {
				t.Fatalf("something was asked for from elsewhere by a letter up to %s: %.200q", names[i], door.last.Load())
			}
		}
	}
	m := d.written("", `<img src="https://evil.example/pixel.png">`)
	p.alone(m.ID, "?pictures=1")
	if door.knocks.Load() == 0 {
		t.Error("a picture that was asked for is not fetched: the door does not count")
	}
}

// thread lets the named letters come in as one conversation.
func (d *letterDesk) thread(names []string, letters map[string]string) (list []domain.Message) {
	d.T.Helper()
	var began domain.Conversation
	for _, name := range names {
		in := d.MailFrom(d.mail, "Mallory", "mallory@customer.example", name, "")
		in.HTML, in.Source = letters[name], true
		if !began.ID.IsZero() {
			in.Thread = domain.ThreadToken(began.ID)
		}
		began = d.Receive(d.mail, in)
	}
	for _, m := range d.Thread(began.ID) {
		if m.Mail != nil {
			list = append(list, m)
		}
	}
	if len(list) != len(names) {
		d.T.Fatalf("got %d letters in the conversation, want %d", len(list), len(names))
	}
	return list
}

// alone opens a letter by its own address. No script runs there, not even ours, so nothing can be asked of the page: it
// stays where it was opened, and is loaded when the browser says so.
func (p *page) alone(message domain.ID, query string) {
	p.t.Helper()
	address := p.desk + "/messages/" + message.String() + "/letter" + query
	p.do(chromedp.Navigate(address))
	if at, err := chromedp.Run(p.ctx, chromedp.Location()); err != nil || at != address {
		p.t.Fatalf("the letter is at %s, %v; want it to stay at %s", at, err, address)
	}
}

// door counts who knocks on a letter's behalf: the browser's own errands to its maker are none of ours.
type door struct {
	address string
	knocks  atomic.Int64
	last    atomic.Value // string: what the last one said first
}

// errands are parts of the names that a browser asks for by itself.
var errands = []string{"google", "gstatic", "gvt1", "chromium"}

func newDoor(t *testing.T) *door {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	d := &door{address: listener.Addr().String()}
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			go d.answer(c)
		}
	}()
	return d
}

// answer reads the first words, which name the host in the clear under HTTP and TLS alike, and hangs up.
func (d *door) answer(c net.Conn) {
	defer c.Close()
	first := make([]byte, 4096)
	n, _ := c.Read(first) // a knock without a word is one too
	if said := string(first[:n]); !containsAny(said, errands) {
		d.last.Store(said)
		d.knocks.Add(1)
	}
}

// watched is a reader in a browser of its own in which every name leads to the door. A dialog that a letter opens fails
// the test.
func (d *letterDesk) watched(to *door) *page {
	d.T.Helper()
	options := append(
		chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browserPath()),
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.Flag(
			"disable-background-networking",
			true,
		),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("host-resolver-rules", "MAP * "+to.address+", EXCLUDE 127.0.0.1"),
	)
	outer, stop := chromedp.NewExecAllocator(context.Background(), options...)
	d.T.Cleanup(stop)
	p := newPage(d.T, d.address, outer, chromedp.WithListener(func(event any) {
		if e, ok := event.(*chromepage.EventJavascriptDialogOpening); ok {
			d.T.Errorf("a letter opened a dialog: %s", e.Message)
		}
	}))
	p.forgive("policy violated: img-src", "Content Security Policy", "violates the following", "Blocked script execution", "net::ERR")
	return p
}

// fullLetter is a letter with everything a page can say of one.
func (d *letterDesk) fullLetter() domain.Message {
	in := d.MailFrom(
		d.mail,
		"Mallory Grey",
		"mallory@customer.example",
		"Re: Order 7 and what came of it",
		"Where is my order?\n\nI have waited for a week now, and nobody told me anything.\n\nMallory",
	)
	in.Mail.Cc = []domain.MailAddress{{Name: "Pavel Malý", Address: "pavel@customer.example"}, {Address: "office@customer.example"}}
	in.Mail.ReplyTo, in.Mail.Unverified, in.Mail.Pictures, in.Mail.Quoted = domain.MailAddress{
		Address: "answers@elsewhere.example",
	}, true, true, "It left on Monday.\n\nThe shop"
	in.HTML, in.Source = `<h2>Where is my order?</h2><p>I have waited for a <b>week</b> now.</p><img src="cid:a@b"><table border=1><tr><td>7</td><td>two chairs</td></tr></table><blockquote>It left on Monday.</blockquote>`, true
	in.Attachments = []domain.Attachment{{State: domain.FileFetching, Name: "receipt.pdf", MIME: "application/pdf", VendorID: "part-2"}}
	d.Mail.Keep("part-2", "%PDF-1.4")
	return d.Thread(d.Receive(d.mail, in).ID)[0]
}

func TestAxe_LettersAreAccessible(t *testing.T) {
	startBrowser(t)
	d := newLetterDesk(t)
	m := d.fullLetter()
	chat := "/chats/" + m.ConversationID.String()
	p := d.reader()
	p.judge([]screen{
		{"table with letters", "/chats", nil},
		{"letter", chat, func(p *page) {
			p.click(".letter-quoted > summary")
			p.click(".letter-head > summary")
			p.click(".composer-letter summary")
			p.sees("#composer-cc")
		}},
		{"letter as written", chat, func(p *page) {
			p.click(".letter-written > summary")
			p.sees(".letter-frame")
		}},
		{"new letter", "/chats/new?channel=" + d.mail.ID.String() + "&address=a@b.example", func(p *page) {
			p.click("#letter-form .btn-primary")
			p.sees("#error-text")
		}},
		{"profile with a signature", "/profile", nil},
	})
}
