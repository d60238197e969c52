package journey_test

import (
	"fmt"
	"testing"
)

func TestJourney_FailedAnswerSaysWhyAndIsSentAgain(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Fanny Failure")
	c.writes("Can you hear me?")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	c.vendorFails("unreachable", true)
	defer c.vendorFails("unreachable", false)
	p.answer("Loud and clear")
	p.until("the answer failed", bubble("Loud and clear")+`?.dataset.state === "failed"`)
	p.sees("#messages .msg[data-state=failed] .msg-failure p")
	c.vendorFails("unreachable", false)
	p.click("#messages .msg[data-state=failed] form[action$='/retry'] button")
	p.until("the second try arrives", `["sent", "read"].includes(`+bubble("Loud and clear")+`?.dataset.state)`)
}

func TestJourney_CustomerAndDeskTalkInTwoWindows(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Tilda Twowindows")
	c.writes("One")
	desk := signedIn(t, demo, tom)
	phone := desk.tab()
	desk.open(c.chat())
	phone.open(c.path)
	phone.fill("#text", "Two")
	phone.press("Enter")
	desk.until("what the customer wrote is there", bubble("Two"))
	desk.answer("Three")
	phone.reads("#thread", "Three")
	desk.until("it is read: the telephone lies open", bubble("Three")+`?.dataset.state === "read"`)
	phone.click(".phone-foot [popovertarget=attach]")
	phone.click("#attach [value=photo]")
	desk.until(
		"the photo arrives",
		`[...document.querySelectorAll("#messages .msg[data-from='them'] img")].some((i) => i.naturalWidth > 0)`,
	)
	phone.until(
		"the photo is in the telephone",
		`[...document.querySelectorAll("#thread .phone-photo img")].some((i) => i.naturalWidth > 0)`,
	)
}

func TestJourney_ReactionAndQuoteReachTheCustomer(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Quentin Quote")
	c.writes("Blue or green?")
	c.writes("And when?")
	desk := signedIn(t, demo, tom)
	desk.open(c.chat())
	phone := desk.tab()
	phone.open(c.path)
	first := "#messages .msg[data-from='them']"
	desk.click(first + " .msg-text")
	desk.click(first + " [data-message-do=menu]")
	desk.click("#message-menu [data-message-do=emoji]")
	phone.sees("#thread .phone-reactions")
	desk.click(first + " .msg-text")
	desk.click(first + " [data-message-do=reply]")
	desk.reads("[data-quote-text]", "Blue or green?")
	desk.typed("Green")
	desk.press("Enter")
	desk.until("the answer quotes", bubble("Green")+`?.querySelector(".msg-quote-text")?.textContent.includes("Blue or green?")`)
	phone.reads("#thread .msg-quote-text", "Blue or green?")
}

func TestJourney_OldMessagesComeWithoutAJump(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Ludmila Long")
	for i := range 120 { // more than a page
		c.writes(fmt.Sprintf("Line %d.", i))
	}
	chat := c.chat()
	c.hand.until(demo.desk+chat, "Line 119.")
	p := signedIn(t, demo, tom)
	p.open(chat + "?before=") // without the jump to what is unread
	p.until(
		"the oldest line comes",
		`(() => { document.getElementById("thread-scroll").scrollTop = 0; return document.querySelector("#messages .msg-text")?.textContent === "Line 0."; })()`,
	)
	got := eval[[]int](
		p,
		`(() => { const lines = [...document.querySelectorAll("#messages .msg")]; return [lines.length, new Set(lines.map((m) => m.id)).size, document.querySelectorAll("#messages .thread-day").length]; })()`,
	)
	if got[0] != 120 || got[1] != 120 || got[2] != 1 {
		t.Errorf("got %d lines, %d of them different, under %d days; want 120, 120, 1", got[0], got[1], got[2])
	}
}
