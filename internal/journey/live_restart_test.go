package journey_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// restart starts a desk again on the same data and ports.
func restart(t *testing.T, was *process, dir string, environ []string) *process {
	t.Helper()
	again := launch(
		t,
		environ,
		"-demo",
		"-data",
		dir,
		"-listen",
		strings.TrimPrefix(was.desk, "http://"),
		"-public",
		strings.TrimPrefix(was.public, "http://"),
	)
	if again.desk != was.desk {
		t.Fatalf("the desk moved from %s to %s", was.desk, again.desk)
	}
	return again
}

// healWithin is how long pages may take to find a desk that is back: they ask again after some seconds at most.
const healWithin = 12 * time.Second

func TestLive_DeskRestarts_TwelvePagesAreLiveAgainAndMissNothing(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			dir := t.TempDir()
			demo := launch(t, nil, "-demo", "-data", dir)
			v := newVisitor(t)
			v.signIn(demo.desk)
			conversation := chatOf(t, v, demo, lucieName)
			d := newDesktop(t, e.open, demo.desk)
			pages := []tab{d.signIn(tom)}
			places := []string{"/chats", conversation}
			for i := 1; i < manyWindows; i++ {
				if i < manyWindows/2 {
					pages = append(pages, d.show(places[i%2]))
				} else {
					pages = append(pages, d.hide(places[i%2]))
				}
			}
			for _, w := range pages {
				look[int](d, w, "globalThis.openedOnce = 1")
			}
			visible, hidden := pages[:manyWindows/2], pages[manyWindows/2:]

			demo.kill()
			d.within(healWithin, "the page says that it may be old", bannerIsSeen, visible...)
			again := restart(t, demo, dir, nil)
			tell(t, again, lucie, "Written the moment you were back")
			tell(t, again, lucie, "And a little later")
			d.within(healWithin, "what was missed is there", shows("And a little later"), visible...)
			d.within(healWithin, "all is well again", "!"+bannerIsSeen, visible...)
			d.within(atOnce, "news come at once", shows(tell(t, again, lucie, "And now")), visible...)
			waiting := look[int](d, pages[0], waitingNow)
			tell(t, again, stranger(), "I am new here")
			now := look[int](d, pages[0], waitingGrows(waiting))
			d.within(healWithin, "hidden titles count", titleCounts(now), hidden...)
			for _, w := range hidden {
				if err := w.front(); err != nil {
					t.Fatal(err)
				}
				d.within(atOnce, "it shows the newest when it is looked at", shows("And now"), w)
			}
			d.acts(pages...)
			d.within(atOnce, "no page was loaded anew by itself", "globalThis.openedOnce === 1", pages...)
		})
	}
}

// bannerIsSeen is script that tells whether the page says that it may be old.
const bannerIsSeen = `[...document.querySelectorAll("#banner")].some((el) => el.checkVisibility() && el.dataset.state !== "healed")`

// watchBanner is script that notes when the page said that it may be old, however shortly.
const watchBanner = `(() => {
	const look = () => { if (` + bannerIsSeen + `) globalThis.saidSo = true; };
	new MutationObserver(look).observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ["hidden", "data-state"] });
	return true;
})()`

// TestLive_ConnectionIsLostWithoutAWord_PageSaysSoAndConnectsAnew takes as long
// as it takes to miss two pings, twice.
func TestLive_ConnectionIsLostWithoutAWord_PageSaysSoAndConnectsAnew(t *testing.T) {
	skipUnlessAll(t)
	t.Parallel()
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			table := d.signIn(tom)
			pages := []tab{table, d.show(conversation)}
			for _, w := range pages {
				look[int](d, w, "globalThis.openedOnce = 1")
				look[bool](d, w, watchBanner)
			}
			d.within(atOnce, "it is live", shows(tell(t, demo, lucie, "Before the silence")), pages...)
			r.silence(true) // nor can another one be opened for a while
			if r.swallow() == 0 {
				t.Fatal("no stream was open")
			}
			tell(t, demo, lucie, "Into the silence")
			const twoPings = 40 * time.Second // of ten seconds each, and some to connect on a busy machine
			d.within(twoPings, "the page says that it may be old", "globalThis.saidSo", pages...)
			r.silence(false)
			d.within(twoPings, "what came meanwhile is there", shows("Into the silence"), pages...)
			d.within(atOnce, "it is live again", shows(tell(t, demo, lucie, "After the silence")), pages...)
			d.within(healWithin, "all is well again", "!"+bannerIsSeen, pages...)
			d.within(atOnce, "no page was loaded anew by itself", "globalThis.openedOnce === 1", pages...)
		})
	}
}

func TestLive_FrozenTab_HearsAllItMissedWhenItGoesOn(t *testing.T) {
	skipUnlessAll(t)
	demo, r, conversation := liveDesk(t)
	d := newDesktop(t, openChromium, r.address)
	window := d.signIn(tom)
	for _, place := range []string{"/chats", conversation} {
		t.Run(strings.SplitAfterN(place, "/", 3)[1], func(t *testing.T) {
			d := &desktop{t: t, desk: d.desk, engine: d.engine}
			w := d.hide(place)
			if err := w.front(); err != nil {
				t.Fatal(err)
			}
			d.within(atOnce, "it is live", shows(tell(t, demo, lucie, "Before the frost of "+place)), w)
			other := d.hide("/operators")
			if err := other.front(); err != nil {
				t.Fatal(err)
			}
			d.within(atOnce, "it is hidden", `document.visibilityState === "hidden"`, w)
			waiting := look[int](d, window, waitingNow)
			page := w.(*chromiumTab)
			if err := page.freeze(); err != nil {
				t.Fatal(err)
			}
			for i := range 3 {
				tell(t, demo, lucie, fmt.Sprintf("Frost %d of %s", i, place))
			}
			tell(t, demo, stranger(), "I am new here, in the frost of "+place)
			if err := other.front(); err != nil {
				t.Fatal(err)
			}
			if err := page.thaw(); err != nil {
				t.Fatal(err)
			}
			if err := page.front(); err != nil {
				t.Fatal(err)
			}
			d.within(atOnce, "what came last is there", shows("Frost 2 of "+place), w)
			if place != "/chats" {
				d.within(atOnce, "what came first too", shows("Frost 0 of "+place), w)
			}
			d.within(atOnce, "the title counts as in the window", titleCounts(look[int](d, window, waitingGrows(waiting))), w)
		})
	}
}

func TestLive_WithoutSharedWorker_OnlyPagesInSightHoldAStream(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			d.preload("delete window.SharedWorker")
			d.signIn(tom)
			if look[bool](d, d.show("/operators"), `"SharedWorker" in window`) {
				t.Fatal("the browser has shared workers still")
			}
			r.until(t, atOnce, 2, "two windows")
			w := d.hide(conversation)
			cover := d.hide("/chats")
			r.stays(t, 2, "two tabs that nobody looked at")
			if err := w.front(); err != nil {
				t.Fatal(err)
			}
			d.within(atOnce, "it is live in sight", shows(tell(t, demo, lucie, "In sight")), w)
			open := r.streams()
			if err := cover.front(); err != nil {
				t.Fatal(err)
			}
			d.within(atOnce, "it is hidden", `document.visibilityState === "hidden"`, w)
			r.until(t, atOnce, open, "one came into sight and one was hidden")
			tell(t, demo, lucie, "Out of sight")
			if err := w.front(); err != nil {
				t.Fatal(err)
			}
			d.within(atOnce, "it catches up", shows("Out of sight"), w)
			d.within(atOnce, "it is live again", shows(tell(t, demo, lucie, "In sight again")), w)
		})
	}
}
