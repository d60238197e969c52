package journey_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"pult/i18n"
)

// voiceLine is the demo's telephone line, as the simulator calls it.
const voiceLine = "/simulator/demo-voice"

var phoneCall = regexp.MustCompile(`(?s)<li class="phone-call" id="(CA[0-9a-z]+)">(.*?)</li>`)

// callAt waits until a telephone is in a call that offers something to do, and gives the vendor's id of the call.
func (c *customer) callAt(phone, offers string) string {
	c.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		for _, found := range phoneCall.FindAllStringSubmatch(c.hand.get(c.demo.desk+voiceLine+"/telephones"), -1) {
			if strings.Contains(plainNumber(found[2]), phone) && strings.Contains(found[2], `value="`+offers+`"`) {
				return found[1]
			}
		}
	}
	c.t.Fatalf("the telephone %s never offered %q", phone, offers)
	return ""
}

// plainNumber drops what is put between the digits of numbers to read them.
func plainNumber(s string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "&#43;", "+").Replace(s)
}

// onPhone does something with a telephone once it can be done: answer, press, hangup.
func (c *customer) onPhone(phone, do string) {
	c.t.Helper()
	c.post(voiceLine+"/telephones", url.Values{"call": {c.callAt(phone, do)}, "do": {do}})
}

// callsTheShop dials the shop's number.
func (c *customer) callsTheShop() {
	c.t.Helper()
	c.post(voiceLine+"/"+c.path[strings.LastIndex(c.path, "/")+1:]+"/call", nil)
}

// hasTelephone writes the reader's own telephone into their profile.
func (p *page) hasTelephone(number string) {
	p.t.Helper()
	p.open("/profile")
	p.fill("#field-phone", number)
	p.press("Enter")
	p.until("it is saved", `location.search.includes("saved") && document.readyState === "complete"`)
}

func TestJourney_ClickToCall(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Celia Caller")
	c.writes("Can you call me, please?")
	chat := c.chat()
	p := signedIn(t, demo, tom)
	p.open(chat)
	p.press("p")
	const toms = "+420777000321"
	p.fill("#call-phone", toms) // his profile does not know it yet
	p.click("#call-form .btn-primary")
	p.reads("#call-panel", says("en", "call.live.dialling"))
	p.misses("#call-dialog")
	c.onPhone(toms, "answer")
	c.onPhone(toms, "press")
	p.reads("#call-panel", says("en", "call.live.ringing"))
	c.onPhone(c.phone, "answer")
	p.reads("#call-panel", says("en", "call.live.answered"))
	p.until("the clock runs", `document.querySelector(".call-time")?.textContent !== "0:00"`)
	p.fill("#call-panel .call-note input", "Wants the blue one")
	p.press("Enter")
	p.reads("#toasts", says("en", "call.note_saved"))

	p.open("/operators") // the call goes along
	p.reads("#call-panel", "Celia Caller")
	p.press("h")
	p.reads("#call-panel", says("en", "call.live.held"))
	p.press("h")
	p.reads("#call-panel", says("en", "call.live.answered"))
	p.press("H", chromedp.ModifierShift)
	p.reads("#call-panel", says("en", "call.live.ended"))
	p.click("#call-panel .call-who a")
	p.reads(".call-entry", says("en", "call.is.out.ended"))
	p.until("the entry tells how long", `/^\D*\d+:\d\d$/.test(document.querySelector(".call-lasted")?.textContent.trim() ?? "")`)
	p.reads("#messages", "Wants the blue one")
	p.click("#call-panel [action$=dismiss] button")
	p.misses("#call-panel")
	p.open(chat)
	p.reads("#messages", i18n.For("en").T("activity.called", "by", "Tom Baker"))
}

func TestJourney_MissedCallWaitsForAnAnswer(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Milan Missed")
	p := signedIn(t, demo, laure)
	const laures = "+33612000444"
	p.hasTelephone(laures)
	t.Cleanup(func() { p.hasTelephone("") }) // nobody else's calls should ring for her
	p.open("/chats")
	c.callsTheShop()
	p.reads("#call-panel", says("fr", "call.live.rings_here"))
	p.click("#call-panel .call-buttons a")
	p.reads(".call-entry", says("fr", "call.is.in.ringing"))
	c.callAt(laures, "answer")
	c.onPhone(c.phone, "hangup")
	p.reads(".call-entry", says("fr", "call.is.in.missed"))
	p.misses("#call-panel")
	chat := eval[string](p, "location.pathname")
	p.open("/chats")
	p.reads(row(chat), says("fr", "call.is.in.missed"))
	p.sees(row(chat) + " .beacon")
}

func TestJourney_CallIsLoggedWithoutALine(t *testing.T) {
	startBrowser(t)
	demo := launch(t, nil, "-demo")
	c := newCustomer(t, demo, "Lola Logged")
	c.writes("Please call")
	chat := c.chat()
	found := regexp.MustCompile(`href="(/settings/channels/[0-9a-z]{26})"><bdi>Telefon`).
		FindStringSubmatch(c.hand.get(demo.desk + "/settings/channels"))
	if found == nil {
		t.Fatal("the demo has no telephone line")
	}
	c.post(found[1]+"/enabled", nil) // the line is off
	p := signedIn(t, demo, tom)
	p.open(chat)
	p.click("#conversation-head [data-key=p]")
	p.sees(fmt.Sprintf("#call-dialog a[href='tel:%s']", c.phone))
	p.fill("#call-minutes", "4")
	p.fill("#call-log-note", "Comes by on Friday")
	p.click("#call-dialog .call-log .form-buttons .btn")
	p.misses("#call-dialog")
	p.reads("#messages .call-entry", says("en", "call.is.out.ended"))
	p.reads("#messages .call-lasted", "4:00")
	p.reads("#messages", "Comes by on Friday")
}

func TestAxe_CallsAreAccessible(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Axa Call")
	c.writes("Call me")
	chat := c.chat()
	p := signedIn(t, demo, alena)
	p.judge([]screen{{"what is asked before a call", chat, func(p *page) {
		p.press("p")
		p.sees("#call-dialog")
		p.click(".call-log summary")
		p.sees("#call-outcome")
	}}})
	p.open(chat)
	p.press("p")
	const alenas = "+420777000654"
	p.fill("#call-phone", alenas)
	p.click("#call-form .btn-primary")
	c.onPhone(alenas, "answer")
	c.onPhone(alenas, "press")
	c.onPhone(c.phone, "answer")
	p.reads("#call-panel", says("cs", "call.live.answered"))
	narrow := signedIn(t, demo, alena)
	narrow.size(390, 844)
	narrow.judge([]screen{{"call on a telephone", chat, func(p *page) { p.sees("#call-panel .call-buttons") }}})
	narrow.noOverflow()
	p.judge([]screen{
		{"call", chat, func(p *page) { p.sees("#call-panel .call-buttons") }},
		{"telephones", voiceLine, nil},
		{"entry of a call", "/chats", func(p *page) { p.click("#call-panel .call-who a"); p.sees(".call-entry") }},
	})
	p.open("/chats")
	p.click("#call-panel .btn-danger")
	p.reads("#call-panel", says("cs", "call.live.ended"))
	p.click("#call-panel [action$=dismiss] button")
}
