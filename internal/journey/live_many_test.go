package journey_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// Many windows and tabs of one browser: what a desk looks like at noon. Browsers give one server six connections, so a
// page that keeps one to itself starves the seventh.

const (
	manyWindows = 12
	manyTabs    = 20
)

// lucie is a customer of the demo's who writes when a journey wants news in a conversation that exists.
const lucie, lucieName = "420602111203", "Lucie Malá"

// tell posts a customer's message to the desk and gives its text.
func tell(t *testing.T, demo *process, phone, text string) string {
	t.Helper()
	id := fmt.Sprintf("wamid.live.%d.%d", time.Now().UnixNano(), customers.Add(1))
	status, err := postWebhook(http.DefaultClient, demo.public, webhookBody(id, phone, text, time.Now()))
	if err != nil || status != http.StatusOK {
		t.Fatalf("webhook: status %d, %v", status, err)
	}
	return text
}

// stranger is the number of somebody who has never written.
func stranger() string { return fmt.Sprintf("4207781%05d", customers.Add(1)) }

// liveDesk is a desk of its own behind a relay that counts.
func liveDesk(t *testing.T) (demo *process, r *relay, conversation string) {
	t.Helper()
	demo = launch(t, behindRelay, "-demo", "-data", t.TempDir())
	v := newVisitor(t)
	v.signIn(demo.desk)
	return demo, newRelay(t, demo.desk), chatOf(t, v, demo, lucieName)
}

func TestLive_TwelveWindowsAndTwentyTabs_AllActAndHearOverOneConnection(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			windows, tabs := []tab{d.signIn(tom)}, []tab(nil)
			places := []string{conversation, "/chats", conversation, "/chats?view=waiting"}
			for i := 1; i < manyWindows; i++ {
				windows = append(windows, d.show(places[i%len(places)]))
			}
			for i := range manyTabs {
				tabs = append(tabs, d.hide(places[i%len(places)]))
			}
			all := append(windows[:len(windows):len(windows)], tabs...)
			d.within(atOnce, "windows are in sight", `document.visibilityState === "visible"`, windows...)
			d.within(atOnce, "tabs are hidden", `document.visibilityState === "hidden"`, tabs...)
			r.until(t, atOnce, 1, "with all of them open")
			d.acts(all...)

			waiting := look[int](d, windows[0], waitingNow)
			text := tell(t, demo, lucie, "Does everybody hear this?")
			d.within(atOnce, "the message is seen", shows(text), windows...)
			tell(t, demo, stranger(), "I am new here")
			now := look[int](d, windows[0], waitingGrows(waiting))
			if now <= waiting {
				t.Fatalf("%d wait, want more than %d", now, waiting)
			}
			d.within(atOnce, "the title counts", titleCounts(now), all...)
			d.acts(all...)
			r.until(t, atOnce, 1, "after news")
		})
	}
}

// waitingNow is script that gives the number of those who wait as the rail says it.
const waitingNow = `Number(document.querySelector("#rail-waiting [aria-hidden]").textContent)`

// titleCounts is script that tells whether the title of a page begins with a number.
func titleCounts(n int) string { return fmt.Sprintf(`document.title.startsWith("(%d) ")`, n) }

// waitingGrows is script that gives the number of those who wait once it is greater than it was, or after some seconds.
func waitingGrows(was int) string {
	return fmt.Sprintf(`new Promise((done) => {
		const end = Date.now() + %d;
		const ask = () => {
			const now = Number(document.querySelector("#rail-waiting [aria-hidden]").textContent);
			if (now > %d || Date.now() > end) done(now); else setTimeout(ask, 20);
		};
		ask();
	})`, atOnce.Milliseconds(), was)
}

func TestLive_TwoEqualWindows_BothHearAtOnce(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			table := d.signIn(tom)
			windows := []tab{table, d.show("/chats"), d.show(conversation), d.show(conversation)}
			for i := range 3 {
				d.within(atOnce, "the message is seen", shows(tell(t, demo, lucie, fmt.Sprintf("Twice the same, %d", i))), windows...)
			}
		})
	}
}

func TestLive_HiddenTabComesToTheFront_ShowsWhatItMissed(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			d.signIn(tom)
			table, thread := d.hide("/chats"), d.hide(conversation)
			for i := range 3 {
				tell(t, demo, lucie, fmt.Sprintf("While nobody looks, %d", i))
			}
			for _, hidden := range []tab{table, thread} {
				if err := hidden.front(); err != nil {
					t.Fatal(err)
				}
				d.within(atOnce, "it is in sight", `document.visibilityState === "visible"`, hidden)
				d.within(atOnce, "the last message is seen", shows("While nobody looks, 2"), hidden)
			}
			d.within(atOnce, "the first one too", shows("While nobody looks, 0"), thread)
			d.within(atOnce, "in sight it is live", shows(tell(t, demo, lucie, "Now somebody looks")), thread)
		})
	}
}
