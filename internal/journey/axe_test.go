package journey_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe-core is vendored; testdata/axe/README.md says where it comes from.
const (
	axeFile   = "testdata/axe/axe.min.js"
	axeSHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)

func TestAxe_FileIsTheOneThatWasPublished(t *testing.T) {
	file, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(file)
	if got := hex.EncodeToString(sum[:]); got != axeSHA256 {
		t.Errorf("got sha256 %s, want %s", got, axeSHA256)
	}
	readme, err := os.ReadFile("testdata/axe/README.md")
	if err != nil || !strings.Contains(string(readme), axeSHA256) {
		t.Errorf("the README beside it does not name the checksum: %v", err)
	}
}

// screen is a page as somebody sees it.
type screen struct {
	name  string
	path  string
	steps func(p *page) // what is done on it before it is judged
}

// TestAxe_EveryScreenIsAccessible judges every screen by the rules of WCAG 2.2 AA that a program can judge, in both
// themes.
func TestAxe_EveryScreenIsAccessible(t *testing.T) {
	skipUnlessAll(t)
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Axel Axe")
	c.writes("Is this readable?")
	c.sendsPhoto()
	chat := c.chat()
	v := newVisitor(t)
	v.signIn(demo.desk)
	withRequest, closed := chatOf(t, v, demo, "Kavárna Slavie"), chatOf(t, v, demo, "Simona Němcová")
	failed := chatOf(t, v, demo, "Hájek")

	stranger := newReader(t, demo.desk)
	stranger.judge([]screen{
		{"sign-in", "/signin", nil},
		{"sign-in refused", "/signin", func(p *page) {
			p.fill("#field-email", "nobody@pult.example")
			p.fill("#field-password", "wrong")
			p.press("Enter")
			p.sees("#signin-failure")
		}},
	})
	reader := signedIn(t, demo, demoEmail)
	reader.judge([]screen{
		{"table", "/chats", nil},
		{"table without rows", "/chats?q=" + url.QueryEscape("nothing like this"), nil},
		{"columns", "/chats", func(p *page) { p.click("[popovertarget=chats-columns]"); p.sees("#chats-columns form") }},
		{"filters", "/chats", func(p *page) { p.click("[popovertarget=chats-searched]"); p.sees("#chats-searched form") }},
		{"conversation", chat, nil},
		{"conversation with a message menu", chat, func(p *page) {
			p.click("#messages .msg .msg-text")
			p.click("#messages .msg [data-message-do=menu]")
			p.sees("#message-menu")
		}},
		{"conversation with a selected request", withRequest, func(p *page) {
			p.click("#requests .request")
			p.sees("#requests .request[aria-current]")
		}},
		{"conversation with a faulty request", chat, func(p *page) {
			p.fill("#request-title", " ")
			p.click("#request-form .btn-primary")
			p.sees("#request-title-error")
		}},
		{"conversation with a failed message", failed, nil},
		{"conversation with a closed window", closed, nil},
		{"templates", closed, func(p *page) {
			p.click("[data-when-closed] .btn")
			p.click("#templates a.template-item[href*='delivery_on_the_way'][href*='cs']")
			p.sees("#template-form")
		}},
		{"emoji", chat, func(p *page) { p.click("[popovertarget=emoji]"); p.sees("#emoji [data-emoji-grid] button") }},
		{"contact", chat, func(p *page) { p.click("#conversation-head h2 a"); p.sees("#contact") }},
		{"palette", "/chats", func(p *page) { p.press("k", chromedp.ModifierCtrl); p.sees("#palette") }},
		{"help", "/chats", func(p *page) { p.press("?"); p.sees("#help") }},
		{"search with hits", "/search?q=k%C3%A1va", nil},
		{"search without hits", "/search?q=" + url.QueryEscape("nothing like this"), nil},
		{"operators", "/operators", nil},
		{"new operator", "/operators/new", nil},
		{"profile", "/profile", nil},
		{"journal", "/settings/journal", nil},
		{"module", "/settings/chats", nil},
		{"channels", "/settings/channels", nil},
		{"catalogue of channels", "/settings/channels/add", nil},
		{"new channel", "/settings/channels/add/whatsapp", nil},
		{"new channel by signing in", "/settings/channels/add/messenger", nil},
		{"channel", "/settings/channels", func(p *page) { p.click(".channel-link"); p.sees("#channel-webhook") }},
		{"health of a channel", "/settings/channels", func(p *page) {
			p.click(".channel-link")
			p.sees("#channel-webhook")
			p.click(".subtabs a[href$=health]")
			p.sees(".health-facts")
		}},
		{"operators of a channel", "/settings/channels", func(p *page) {
			p.click(".channel-link")
			p.sees("#channel-webhook")
			p.click(".subtabs a[href$=operators]")
			p.sees(".channel-people")
		}},
		{"templates of a channel", "/settings/channels", func(p *page) {
			p.click(".channel-link")
			p.sees("#channel-webhook")
			p.click(".subtabs a[href$=templates]")
			p.sees("#templates-title")
		}},
		{"guide to a channel", "/help/channels/whatsapp-cloud", nil},
		{"new outbound", "/chats/new", nil},
		{"telephones", "/simulator", nil},
		{"telephone", c.path, nil},
		{"telephone with text messages", "/simulator/demo-twilio-sms/" + c.path[strings.LastIndex(c.path, "/")+1:], nil},
		{"telephone with Messenger", "/simulator/300000000000001/" + c.path[strings.LastIndex(c.path, "/")+1:], nil},
		{"telephones that ring", "/simulator/demo-voice", nil},
		{"mail programs", "/simulator/mail", nil},
		{"mail program", "/simulator/mail/jitka.benesova@posta.example", func(p *page) {
			p.click(".mail-new summary")
			p.click(".mail-answer summary")
			p.sees(".mail-answer textarea")
		}},
		{"the password over a page", chat, func(p *page) { p.signOutUnseen(); p.sees(again) }},
	})
	narrow := signedIn(t, demo, demoEmail)
	narrow.size(390, 844)
	narrow.judge([]screen{
		{"table on a telephone", "/chats", nil},
		{"conversation on a telephone", chat, nil},
	})
}

func TestAxe_SetUpIsAccessible(t *testing.T) {
	startBrowser(t)
	p := launch(t, nil, "-data", t.TempDir())
	_, address, _ := strings.Cut(strings.TrimSpace(<-p.said), "once): ")
	owner := newReader(t, p.desk)
	owner.judge([]screen{{"set-up without the token", "/setup", nil}})
	owner.open(address)
	owner.judge([]screen{{"set-up", "/setup", nil}})
	owner.fill("#field-company", "Café")
	owner.fill("#field-name", "Ada")
	owner.fill("#field-email", "ada@cafe.example")
	owner.fill("#field-password", "long enough 2026")
	owner.press("Enter")
	owner.at("/chats")
	owner.judge([]screen{{"table of a new desk", "/chats", nil}})
}

// violation is what axe found.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		Target  any    `json:"target"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// runAxe asks for the rules of the norm and for no advice beyond it.
const runAxe = `axe.run(document, { resultTypes: ["violations"], runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } })
	.then((found) => JSON.stringify(found.violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, failureSummary }) => ({ target, failureSummary })) }))))`

// judge looks at screens in both themes.
func (p *page) judge(screens []screen) {
	p.t.Helper()
	source, err := os.ReadFile(axeFile)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, s := range screens {
		p.theme("light")
		p.open(s.path)
		if s.steps != nil {
			s.steps(p)
		}
		eval[bool](p, string(source)+"; true")
		for _, theme := range []string{"light", "dark"} {
			p.theme(theme)
			p.report(s.name, theme, eval[string](p, runAxe))
		}
	}
}

func (p *page) report(name, theme, found string) {
	p.t.Helper()
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		p.t.Fatalf("axe on %s: %v", name, err)
	}
	for _, v := range violations {
		for _, n := range v.Nodes {
			p.t.Errorf(
				"%s, %s: %s (%s) at %s: %s",
				name,
				theme,
				v.ID,
				v.Help,
				fmt.Sprint(n.Target),
				strings.Join(strings.Fields(n.Summary), " "),
			)
		}
	}
}
