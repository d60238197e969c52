package journey_test

import (
	"testing"
	"time"
)

// countTones is script that stands in for the loudspeaker: it counts the tones that a page makes.
const countTones = `
	globalThis.tones = 0;
	const param = () => ({ value: 0, setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} });
	const node = () => ({ connect: (to) => to, disconnect() {}, gain: param(), frequency: param(), start() {}, stop() {}, addEventListener() {} });
	globalThis.AudioContext = class {
		state = "suspended";
		currentTime = 0;
		destination = node();
		resume() { this.state = "running"; return Promise.resolve(); }
		suspend() { return Promise.resolve(); }
		close() { return Promise.resolve(); }
		addEventListener() {}
		createGain() { return node(); }
		createBufferSource() { globalThis.tones++; return node(); }
		createOscillator() { globalThis.tones++; return node(); }
	};
`

// touch is script for what a hand does on a page before it may make a sound.
const touch = `["pointerdown", "pointerup", "keydown", "keyup", "click"].forEach((name) => document.body.dispatchEvent(
	name.startsWith("key") ? new KeyboardEvent(name, { key: "Shift", bubbles: true }) : new PointerEvent(name, { bubbles: true }))), true`

// iconTells is script that tells whether the page's icon is another one than the server drew, which knows of nobody who
// waits.
const iconTells = `globalThis.iconDiffers ?? (fetch("/profile").then((r) => r.text()).then((text) => {
	const drawn = new DOMParser().parseFromString(text, "text/html").querySelector("link[rel='icon']").getAttribute("href");
	globalThis.iconDiffers = drawn !== document.querySelector("link[rel='icon']").getAttribute("href") || undefined;
}), false)`

// TestLive_SeveralTabs_TitlesAndIconsTellAndOneMakesTheSound is why a desk is left open behind other work.
func TestLive_SeveralTabs_TitlesAndIconsTellAndOneMakesTheSound(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, conversation := liveDesk(t)
			d := newDesktop(t, e.open, r.address)
			d.preload(countTones)
			window := d.signIn(tom)
			var hidden []tab
			for _, place := range []string{"/chats", conversation, "/chats?view=mine"} {
				w := d.hide(place)
				if err := w.front(); err != nil { // it is touched, and then covered by the next
					t.Fatal(err)
				}
				look[bool](d, w, touch)
				hidden = append(hidden, w)
			}
			cover := d.hide("/operators")
			if err := cover.front(); err != nil {
				t.Fatal(err)
			}
			look[bool](d, window, touch)
			d.within(atOnce, "tabs are hidden", `document.visibilityState === "hidden"`, hidden...)
			all := append([]tab{window, cover}, hidden...)

			waiting := look[int](d, window, waitingNow)
			tell(t, demo, stranger(), "Somebody new knocks")
			now := look[int](d, window, waitingGrows(waiting))
			d.within(atOnce, "titles count", titleCounts(now), all...)
			d.within(atOnce, "icons tell", iconTells, all...)
			total := 0
			for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) { // a second sound would come late
				total = 0
				for _, w := range all {
					if look[int](d, w, "globalThis.tones") > 0 {
						total++
					}
				}
			}
			if total != 1 {
				t.Errorf("%d of %d pages made a sound, want 1", total, len(all))
			}
		})
	}
}
