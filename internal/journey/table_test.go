package journey_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestJourney_TableIsTheReadersOwn(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, alena)
	heads := `[...document.querySelectorAll("#chats-table th")].map((th) => th.textContent.trim())`
	created := says("cs", "chats.column.created")
	if eval[bool](p, heads+`.includes(`+quote(created)+`)`) {
		t.Fatalf("the column %s is shown to somebody who never chose it", created)
	}
	p.click("[popovertarget=chats-columns]")
	p.click("#chats-columns label:has([value=created])")
	p.until("the column is there", heads+`.includes(`+quote(created)+`)`)
	p.open("/chats")
	p.until("the column stays", heads+`.includes(`+quote(created)+`)`)
	p.click("[popovertarget=chats-columns]")
	p.click("#chats-columns label:has([value=created])")
	p.until("the column is gone", `!`+heads+`.includes(`+quote(created)+`)`)
}

func TestJourney_OrderAndFilterAreInTheAddress(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, alena)
	p.click("th a[href*='sort=name']")
	p.until(
		"the table is sorted by name",
		`[...document.querySelectorAll("th[aria-sort]")].some((th) => th.ariaSort !== "none" && th.querySelector("a[href*='sort=name']"))`,
	)
	// Numbers and user names come first, among themselves in an order of their own.
	names := `[...document.querySelectorAll("#chat-rows .table-name")].map((el) => el.textContent).filter((name) => /^\p{L}/u.test(name))`
	p.until(
		"names are in order",
		`(() => { const n = `+names+`; const c = new Intl.Collator("cs").compare; const up = n.every((x, i) => i === 0 || c(n[i-1], x) <= 0); const down = n.every((x, i) => i === 0 || c(n[i-1], x) >= 0); return n.length > 5 && (up || down); })()`,
	)
	p.fill("#chats-filter [name=q]", "svobodova")
	p.until("one row is left", `document.querySelectorAll("#chat-rows tr").length === 1`)
	p.reads("#chat-rows", "Petra Svobodová")
	p.until("the address says so", `new URLSearchParams(location.search).get("q") === "svobodova" && location.search.includes("sort=name")`)
	p.open(eval[string](p, "location.href"))
	p.reads("#chat-rows", "Petra Svobodová")
	if got := eval[int](p, `document.querySelectorAll("#chat-rows tr").length`); got != 1 {
		t.Errorf("the same address shows %d rows, want 1", got)
	}
	p.press("/")
	p.press("Escape")
	p.until("all rows are back", `document.querySelectorAll("#chat-rows tr").length > 5`)
}

func TestJourney_TableLoadsToItsEnd(t *testing.T) {
	demo := sharedDemo(t)
	for i := range 60 { // more than a page
		body := webhookBody(
			fmt.Sprintf("wamid.endless.%d", i),
			fmt.Sprintf("4207774%05d", i),
			fmt.Sprintf("endless %d", i),
			time.Now().Add(-time.Duration(i)*time.Minute-time.Hour),
		)
		if status, err := postWebhook(http.DefaultClient, demo.public, body); err != nil || status != http.StatusOK {
			t.Fatalf("webhook: status %d, %v", status, err)
		}
	}
	v := newVisitor(t)
	v.signIn(demo.desk)
	chatOf(t, v, demo, "endless 59")
	p := signedIn(t, demo, tom)
	seen := eval[int](p, `document.querySelectorAll("#chat-rows tr").length`)
	if !eval[bool](p, `Boolean(document.querySelector("#chats-more a"))`) {
		t.Fatalf("all %d rows are on the first page", seen)
	}
	p.until(
		"the last row comes",
		`(() => { const box = document.getElementById("chats-table"); box.scrollTop = box.scrollHeight; return !document.querySelector("#chats-more a"); })()`,
	)
	got := eval[[]int](
		p,
		`(() => { const ids = [...document.querySelectorAll("#chat-rows tr")].map((tr) => tr.id); return [ids.length, new Set(ids).size]; })()`,
	)
	if got[0] != got[1] || got[0] < 100 {
		t.Errorf("got %d rows of %d conversations, want at least 100 and none twice", got[0], got[1])
	}
}

func TestJourney_DoubleClickOpensARow(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Dan Doubleclick")
	c.writes("Open me")
	chat := c.chat()
	p := signedIn(t, demo, tom)
	p.sees(row(chat))
	p.click(row(chat)+" .table-state", 2)
	p.at(chat)
	p.reads("#tabs", "Dan Doubleclick")
}

func TestJourney_KeyboardAloneIsEnough(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Kaspar Keyböard")
	c.writes("Žluťoučký kůň")
	chat := c.chat()
	p := signedIn(t, demo, tom)

	p.press("?")
	p.sees("#help")
	p.press("Escape")
	p.misses("#help")

	p.press("k", chromedp.ModifierCtrl)
	p.until("the palette has the focus", `document.activeElement?.matches(".palette-query")`)
	p.typed("kaspar keyboard")
	p.until("it is found", `document.querySelector("#palette [role=option][aria-selected=true]")?.textContent.includes("Kaspar Keyböard")`)
	p.press("Enter")
	p.at(chat)
	p.ready()

	p.press("r")
	p.until("the composer has the focus", `document.activeElement?.id === "composer-text"`)
	p.typed("Ahoj")
	p.press("Enter")
	p.until("it is sent", bubble("Ahoj"))
	p.press("Escape") // out of the text
	p.press("Escape") // back to the table
	p.at("/chats")
	p.ready()

	p.press("j")
	p.press("j")
	p.press("k")
	p.until("the first row is the current one", `document.querySelector("#chat-rows tr")?.hasAttribute("data-current")`)
	p.press("j")
	second := eval[string](p, `document.querySelector("#chat-rows [data-current] a[href]").getAttribute("href")`)
	p.press("Enter")
	p.at(second)
	p.ready()

	p.press("/")
	p.at("/search")
	p.until("the field has the focus", `document.activeElement?.matches("[name=q]")`)
	p.typed("zlutoucky kun")
	p.reads("#hits mark", "Žluťoučký")
	p.press("ArrowDown")
	p.press("Enter")
	p.at(chat)
	p.until("the message is in sight", bubble("Žluťoučký")+`?.getBoundingClientRect().top < innerHeight`)
}
