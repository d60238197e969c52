package journey_test

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestJourney_NewColleagueWorksUntilSwitchedOff(t *testing.T) {
	demo := sharedDemo(t)
	email := fmt.Sprintf("nadia%d@pult.example", customers.Add(1))
	admin := signedIn(t, demo, demoEmail)
	admin.open("/operators")
	admin.click("a[href='/operators/new']")
	admin.at("/operators/new")
	admin.fill("#field-name", "Nadia Nová")
	admin.fill("#field-email", email)
	admin.choose("#field-language", "fr")
	admin.fill("#field-password", "pommes-2026-vertes")
	admin.click("form.card button[type=submit]")
	admin.reads("tbody", email)

	nadia := newReader(t, demo.desk)
	nadia.open("/signin")
	nadia.fill("#field-email", email)
	nadia.fill("#field-password", "pommes-2026-vertes")
	nadia.press("Enter")
	nadia.at("/chats")
	nadia.ready()
	if got := eval[string](nadia, "document.documentElement.lang"); got != "fr" {
		t.Errorf("Nadia works in %s, want fr", got)
	}
	nadia.sees("#chat-rows tr")
	admin.open(
		eval[string](
			admin,
			`[...document.querySelectorAll("tbody tr")].find((tr) => tr.textContent.includes(`+quote(email)+`)).querySelector("a").href`,
		),
	)
	admin.click("label:has([name=active])")
	admin.click("form.card button[type=submit]")
	admin.at("/operators")
	nadia.sees("#signin-again[open]") // the open page does not wait for a click
}

func TestJourney_ProfileChangesHowTheDeskWorks(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Pavla Profile")
	c.writes("Two lines, please")
	p := signedIn(t, demo, laure)
	p.open("/profile")
	p.choose("#field-language", "en")
	p.click("label:has([name=enter_sends])")
	p.click("label:has([name=theme][value=dark])")
	p.click("form[action='/profile'] button[type=submit]")
	p.sees(".page-head .badge")
	if got := eval[[]string](p, "[document.documentElement.lang, document.documentElement.dataset.theme]"); got[0] != "en" ||
		got[1] != "dark" {
		t.Errorf("got language and theme %v, want en and dark", got)
	}
	p.open(c.chat())
	p.fill("#composer-text", "One")
	p.press("Enter")
	p.typed("two")
	p.until("Enter makes a line", `document.querySelector("#composer-text").value === "One\ntwo"`)
	p.press("Enter", chromedp.ModifierCtrl)
	p.until("Ctrl+Enter sends", bubble("One\ntwo"))

	p.open("/profile")
	p.choose("#field-language", "fr")
	p.click("label:has([name=enter_sends])")
	p.click("label:has([name=theme][value=''])")
	p.click("form[action='/profile'] button[type=submit]")
	p.until("French again", `document.documentElement.lang === "fr" && document.querySelector("[name=enter_sends]").checked`)
}

func TestJourney_SigningOutEndsEveryTab(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, laure)
	signedIn(t, demo, laure) // on another machine: she stays online
	other := p.tab()
	other.open("/search")
	p.click("#me button.rail-link")
	p.click("#me-menu form[action='/signout'] button")
	p.at("/signin")
	other.sees(again) // what was typed there is not lost
}

func TestJourney_NewConversationBeginsWithATemplate(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Olga Outbound") // never wrote to the desk
	p := signedIn(t, demo, tom)
	p.click(".toolbar a[href='/chats/new']")
	p.sees("#start-dialog")
	p.fill("#start-to", c.phone)
	p.click("#start-results a[href*='number=']")
	p.click("#start a.template-item[href*='payment_received']")
	p.fill("#slot-0", "Olga")
	p.fill("#slot-1", "€ 12.50")
	p.click("#template-form .btn-primary")
	p.until(
		"the conversation opens",
		`location.pathname.startsWith("/chats/") && location.pathname !== "/chats/new" && document.readyState === "complete"`,
	)
	p.ready()
	p.until("the template arrives", `["sent", "read"].includes(`+bubble("€ 12.50")+`?.dataset.state)`)
	p.sees("[data-when-closed]") // until she answers
	c.writes("Thank you")
	p.sees("#composer-text")
}

func TestJourney_TabsOpenAndClose(t *testing.T) {
	demo := sharedDemo(t)
	a, b := newCustomer(t, demo, "Tabea Tab"), newCustomer(t, demo, "Tobias Tab")
	a.writes("First")
	b.writes("Second")
	p := signedIn(t, demo, laure)
	p.open(a.chat())
	p.open(b.chat())
	p.reads("#tabs", "Tabea Tab")
	p.click("#tabs .tab:not(:has([aria-current])):has(a[href='" + a.chat() + "']) .tab-close")
	p.until("the tab is gone", `!document.getElementById("tabs").textContent.includes("Tabea Tab")`)
	p.at(b.chat())
	p.press("w", chromedp.ModifierShift)
	p.at("/chats")
	p.until("no tab is left of them", `!/Tabea|Tobias/.test(document.getElementById("tabs").textContent)`)
}
