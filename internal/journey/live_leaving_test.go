package journey_test

import (
	"testing"
	"time"
)

// TestLive_LeavingAPageAndComingBack_SaysNothingOfALostConnection holds the next page back for longer than a page waits
// before it speaks of a lost connection: a browser ends the requests of a page that is being left before the next one is
// there.
func TestLive_LeavingAPageAndComingBack_SaysNothingOfALostConnection(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			d.preload(noteBanner)
			d.signIn(tom)
			w := d.show(conversation)
			d.within(atOnce, "it is live", shows(tell(t, demo, lucie, "Before you go")), w)
			const slow = 4 * time.Second
			r.delay("/operators", slow)
			look[bool](d, w, `document.querySelector("a[href='/operators']").click(), true`)
			d.within(slow+loadWithin, "the next page is there", `location.pathname === "/operators" && `+isReady, w)
			r.delay("", 0)
			r.delay(conversation, slow)
			look[bool](d, w, `history.back(), true`)
			d.within(slow+loadWithin, "the first page is back", `location.pathname.startsWith("/chats/") && `+isReady, w)
			r.delay("", 0)
			d.within(atOnce, "it is live again", shows(tell(t, demo, lucie, "Welcome back")), w)
			if said := look[string](d, w, `sessionStorage.bannerSaid ?? ""`); said != "" {
				t.Errorf("a page said while it was left: %q", said)
			}
		})
	}
}

// noteBanner is script that notes for all pages of a tab what the banner says.
const noteBanner = `addEventListener("DOMContentLoaded", () => {
	const look = () => {
		const banner = document.getElementById("banner");
		if (banner && !banner.hidden && banner.dataset.state) sessionStorage.bannerSaid = location.pathname + " " + banner.textContent;
	};
	new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["hidden", "data-state"] });
})`

// TestLive_NoteOfTheBanner_IsTaken proves that the journey above would notice.
func TestLive_NoteOfTheBanner_IsTaken(t *testing.T) {
	skipUnlessAll(t)
	_, r, conversation := liveDesk(t)
	d := newDesktop(t, openChromium, r.address)
	d.preload(noteBanner)
	d.signIn(tom)
	w := d.show(conversation)
	look[bool](d, w, `(() => { const b = document.getElementById("banner"); b.dataset.state = "offline"; b.hidden = false; return true; })()`)
	d.within(atOnce, "it is noted", "sessionStorage.bannerSaid", w)
}
