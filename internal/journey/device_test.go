package journey_test

import (
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
)

// telephones are what customers write with, one for each dialect that carries messages.
var telephones = []struct {
	name, shop string
	known      string // how the desk knows a new customer before anybody writes their name down: "name" or "phone"
	pictures   bool
	ends       string // the last state that is told of an answer
}{
	{"WhatsApp of Meta", "100000000000001", "name", true, "state.read"},
	{"WhatsApp of Twilio", "demo-twilio", "name", true, "state.read"},
	{"SMS", "demo-twilio-sms", "phone", false, "state.delivered"},
	{"WhatsApp of EngageLab", "demo-engagelab", "name", true, "state.read"},
	{"Messenger", "300000000000001", "name", true, "state.read"},
}

// ticksSay is script that reports whether the answer with a text has come so far.
func ticksSay(text, state string) string {
	return bubble(text) + `?.querySelector(".ticks")?.title.startsWith(` + quote(says("en", state)) + `)`
}

func TestJourney_EveryDevice_TalksWithTheDesk(t *testing.T) {
	demo := sharedDemo(t)
	for _, d := range telephones {
		t.Run(d.name, func(t *testing.T) {
			c := newCustomerOf(t, demo, d.shop, "Device "+d.name)
			if d.known == "phone" {
				c.name = c.phone
			}
			desk := signedIn(t, demo, tom)
			desk.sees("#chat-rows") // the table is open before anything is written
			phone := desk.tab()
			phone.open(c.path)
			phone.fill("#text", "Hello by "+d.name)
			phone.press("Enter")
			desk.reads("#chat-rows", "Hello by "+d.name)
			chat := c.chat()
			desk.click(row(chat) + " .table-text")
			desk.at(chat)
			desk.ready()
			desk.answer("Good day by " + d.name)
			phone.reads("#thread", "Good day by "+d.name)
			desk.until("the ticks tell the end", ticksSay("Good day by "+d.name, d.ends))
			if !d.pictures {
				return
			}
			phone.click(".phone-foot [popovertarget=attach]")
			phone.click("#attach [value=photo]")
			desk.until(
				"the photo arrives",
				`[...document.querySelectorAll("#messages .msg[data-from='them'] img")].some((i) => i.naturalWidth > 0)`,
			)
			desk.do(chromedp.SetUploadFiles(chromedp.CSS("[data-attach]"), []string{pictureFile(t, "answer.png")}))
			desk.sees("#uploads .upload[data-file]")
			desk.answer("And a picture")
			phone.until(
				"the picture is there",
				`[...document.querySelectorAll("#thread .phone-msg:not([data-from]) .phone-photo img")].some((i) => i.naturalWidth > 0)`,
			)
			desk.until("the ticks of the picture tell the end", ticksSay("And a picture", d.ends))
		})
	}
}

func TestJourney_EveryDevice_VendorThatWantsPeaceGetsTheAnswerLater(t *testing.T) {
	demo := sharedDemo(t)
	for _, d := range telephones {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel() // each waits some seconds for its own vendor
			c := newCustomerOf(t, demo, d.shop, "Patient "+d.name)
			if d.known == "phone" {
				c.name = c.phone
			}
			c.writes("No hurry")
			desk := signedIn(t, demo, tom)
			desk.open(c.chat())
			c.vendorFails("rate", true)
			desk.answer("Too fast by " + d.name)
			desk.until("the first try was refused", bubble("Too fast by "+d.name)+`?.dataset.state === "pending"`)
			desk.until("it says what it waits for", `!!document.querySelector("#messages .msg-wait")`)
			c.vendorFails("rate", false)
			c.looks()
			desk.until("it is delivered in the end", ticksSay("Too fast by "+d.name, d.ends))
			if got := eval[int](desk, `document.querySelectorAll("#messages .msg[data-from='us']").length`); got != 1 {
				t.Errorf("got %d answers, want 1", got)
			}
			if n := len(c.thread()); n != 2 {
				t.Errorf("the telephone shows %d messages, want 2", n)
			}
		})
	}
}

func TestJourney_WindowThatClosedForTheVendorAlone_FailsWithItsReason(t *testing.T) {
	demo := sharedDemo(t)
	for _, d := range telephones {
		if d.ends != "state.read" {
			continue // writes freely at any time
		}
		t.Run(d.name, func(t *testing.T) {
			c := newCustomerOf(t, demo, d.shop, "Late "+d.name)
			c.writes("That was yesterday")
			desk := signedIn(t, demo, tom)
			desk.open(c.chat())
			phone := desk.tab()
			phone.open(c.path)
			phone.click("form[action$='/age'] button")
			phone.reads("#thread .phone-day", says("en", "format.yesterday"))
			desk.sees("#composer-text") // the desk keeps its own time
			desk.answer("Too late by " + d.name)
			desk.until("it failed", bubble("Too late by "+d.name)+`?.dataset.state === "failed"`)
			desk.sees("#messages .msg[data-state=failed] .msg-failure p")
		})
	}
}

var phoneMessage = regexp.MustCompile(`class="phone-msg"`)

// thread lists what the telephone shows.
func (c *customer) thread() []string {
	c.t.Helper()
	return phoneMessage.FindAllString(c.hand.get(c.demo.desk+c.path), -1)
}
