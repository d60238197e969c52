package journey_test

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// The chat on a shop's page from the visitor's side: what counts is what their page shows, not what our log says.

// reply answers in a conversation as a colleague without script does.
func (v *visitor) reply(demo *process, conversation, text string) {
	res, err := v.PostForm(demo.desk+conversation+"/reply", url.Values{
		"id":   {messageIDs.New(time.Now()).String()},
		"text": {text},
	})
	if err != nil {
		v.t.Error(err)
		return
	}
	_ = res.Body.Close()
	if res.StatusCode >= 400 {
		v.t.Errorf("reply: status %d", res.StatusCode)
	}
}

// untilSoon is until for what has to come at once.
func (f frame) untilSoon(what, expression string) {
	f.p.t.Helper()
	for end := time.Now().Add(atOnce); ; time.Sleep(20 * time.Millisecond) {
		got, err := f.look("Boolean(" + expression + ")")
		if err == nil && string(got) == "true" {
			return
		}
		if time.Now().After(end) {
			f.p.t.Fatalf("not within %v: %s (last error: %v)", atOnce, what, err)
		}
	}
}

func TestLive_WebChat_TwoAnswersInOneBreath_VisitorSeesBothAtOnce(t *testing.T) {
	skipUnlessAll(t)
	demo := sharedDemo(t)
	agent := newVisitor(t)
	agent.signIn(demo.desk)
	shop := shopOf(t, agent, demo)
	visitor := newReader(t, shop)
	visitor.open(shop + "?lang=en")
	chat := visitor.openChat()
	chat.fill("#text", "Two questions by Bertha Burst")
	visitor.press("Enter")
	chat.until("it is sent", said("Bertha Burst")+`&& !document.querySelector("[data-pending]")`)
	conversation := chatOf(t, agent, demo, "Bertha Burst")
	for i := range 12 {
		var both sync.WaitGroup
		for n, text := range []string{"one", "two"} {
			// together, and then a little more apart each time: the second comes while the first is being told
			time.Sleep(time.Duration(n*i) * 4 * time.Millisecond)
			both.Go(func() { agent.reply(demo, conversation, fmt.Sprintf("Answer %s of round %d", text, i)) })
		}
		both.Wait()
		for _, text := range []string{"one", "two"} {
			chat.untilSoon("the answer is there", said(fmt.Sprintf("Answer %s of round %d", text, i)))
		}
	}
}

// chatDesk is a desk whose public side stands behind a relay, and the address of its chat there.
func chatDesk(t *testing.T) (demo *process, r *relay, chat string) {
	t.Helper()
	demo = launch(t, behindRelay, "-demo", "-data", t.TempDir())
	r = newRelay(t, demo.public)
	return demo, r, r.address + "/chat/demo-web?lang=en"
}

// isChat is script that tells whether the chat is at work.
const isChat = `document.documentElement.dataset.script === "" && document.getElementById("text")`

// chats opens the chat by itself in a tab, and leads to it.
func (d *desktop) chats(where func() (tab, error), address string) tab {
	d.t.Helper()
	w, err := where()
	if err == nil {
		err = w.open(address)
	}
	if err != nil {
		d.t.Fatalf("%s does not load: %v", address, err)
	}
	d.within(loadWithin, "the chat is there", isChat, w)
	return w
}

// says writes into the chat.
func (d *desktop) says(w tab, text string) {
	d.t.Helper()
	look[bool](d, w, fmt.Sprintf(`(() => {
		const field = document.getElementById("text");
		field.value = %s;
		field.form.requestSubmit();
		return true;
	})()`, quote(text)))
	d.within(loadWithin, "it is sent", said(text)+`&& !document.querySelector("[data-pending]")`, w)
}

// ticks tells what the desk says of an answer.
func (v *visitor) ticks(demo *process, conversation, text string) string {
	page := v.get(demo.desk + conversation)
	for _, article := range strings.Split(page, "<article ")[1:] {
		if !strings.Contains(article, text) {
			continue
		}
		_, ticks, _ := strings.Cut(article, `class="ticks"`)
		if _, title, ok := strings.Cut(ticks, `title="`); ok {
			title, _, _ = strings.Cut(title, `"`)
			state, _, _ := strings.Cut(title, ",")
			return state
		}
	}
	return ""
}

// ticksSoon waits until the desk says one of some states of an answer.
func (v *visitor) ticksSoon(demo *process, conversation, text string, want ...string) {
	v.t.Helper()
	got := ""
	for end := time.Now().Add(healWithin); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got = v.ticks(demo, conversation, text)
		for _, state := range want {
			if got == says("cs", state) {
				return
			}
		}
	}
	v.t.Errorf("of %q the desk says %q, want one of %q", text, got, want)
}

// neverDelivered makes sure that for two seconds the desk says of an answer that it left and no more than that.
func (v *visitor) neverDelivered(demo *process, conversation, text string) {
	v.t.Helper()
	v.ticksSoon(demo, conversation, text, "state.sent", "state.delivered", "state.read")
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		got := v.ticks(demo, conversation, text)
		if got == says("cs", "state.delivered") || got == says("cs", "state.read") {
			v.t.Errorf("the desk says %q of %q, which the visitor's page does not have", got, text)
			return
		}
	}
}

func TestLive_WebChat_DeskSaysDeliveredOnlyOfWhatTheVisitorsPageHas(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		for name, away := range map[string]struct {
			leave func(d *desktop, r *relay, w tab, chat string)
			back  func(d *desktop, r *relay, w tab, chat string)
		}{
			"the connection is lost without a word": {
				func(d *desktop, r *relay, _ tab, _ string) {
					if r.swallow() == 0 {
						d.t.Fatal("no stream was open")
					}
				},
				func(_ *desktop, r *relay, _ tab, _ string) { r.cut() },
			},
			"the page is closed": {
				func(d *desktop, _ *relay, w tab, _ string) {
					if err := w.open("about:blank"); err != nil {
						d.t.Fatal(err)
					}
					d.within(loadWithin, "it has gone", `location.href === "about:blank"`, w)
				},
				func(d *desktop, _ *relay, w tab, chat string) {
					if err := w.open(chat); err != nil {
						d.t.Fatal(err)
					}
				},
			},
			"the page is hidden": {
				func(d *desktop, r *relay, w tab, _ string) {
					cover, err := d.behind()
					if err == nil {
						err = cover.front()
					}
					if err != nil {
						d.t.Fatal(err)
					}
					d.within(atOnce, "it is hidden", `document.visibilityState === "hidden"`, w)
					r.until(d.t, atOnce, 0, "the chat is hidden")
				},
				func(d *desktop, _ *relay, w tab, _ string) {
					if err := w.front(); err != nil {
						d.t.Fatal(err)
					}
				},
			},
		} {
			t.Run(e.name+"/"+name, func(t *testing.T) {
				demo, r, chat := chatDesk(t)
				d := newDesktop(t, e.open, r.address)
				w := d.chats(d.window, chat)
				d.says(w, "Here is Dora Delivered")
				agent := newVisitor(t)
				agent.signIn(demo.desk)
				conversation := chatOf(t, agent, demo, "Dora Delivered")
				agent.reply(demo, conversation, "An answer in sight")
				d.within(atOnce, "the answer is there", said("An answer in sight"), w)
				agent.ticksSoon(demo, conversation, "An answer in sight", "state.delivered", "state.read")

				away.leave(d, r, w, chat)
				agent.reply(demo, conversation, "An answer out of sight")
				agent.neverDelivered(demo, conversation, "An answer out of sight")
				away.back(d, r, w, chat)
				d.within(healWithin, "the answer is there", isChat+" && "+said("An answer out of sight"), w)
				agent.ticksSoon(demo, conversation, "An answer out of sight", "state.delivered", "state.read")
			})
		}
	}
}

func TestLive_WebChat_SeventhTabLoadsAndHiddenOnesHoldNoConnection(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo, r, chat := chatDesk(t)
			d := newDesktop(t, e.open, r.address)
			w := d.chats(d.window, chat)
			d.says(w, "Seven tabs by Sixtus Seventh")
			agent := newVisitor(t)
			agent.signIn(demo.desk)
			conversation := chatOf(t, agent, demo, "Sixtus Seventh")
			if _, err := d.window(); err != nil { // the tabs are behind this one
				t.Fatal(err)
			}
			var tabs []tab
			for range 7 {
				tabs = append(tabs, d.chats(d.behind, chat))
			}
			d.within(atOnce, "they are hidden", `document.visibilityState === "hidden"`, tabs...)
			r.until(t, atOnce, 1, "one page is in sight and seven are hidden")
			agent.reply(demo, conversation, "An answer for all of them")
			d.within(atOnce, "the answer is there", said("An answer for all of them"), w)
			for _, hidden := range tabs {
				if err := hidden.front(); err != nil {
					t.Fatal(err)
				}
				d.within(atOnce, "it shows the answer when it is looked at", said("An answer for all of them"), hidden)
			}
		})
	}
}

func TestLive_WebChat_ShopInASeventhTab_IsLoadedToItsEnd(t *testing.T) {
	skipUnlessAll(t)
	for _, e := range engines {
		t.Run(e.name, func(t *testing.T) {
			demo := launch(t, nil, "-demo")
			v := newVisitor(t)
			v.signIn(demo.desk)
			shop := shopOf(t, v, demo)
			d := newDesktop(t, e.open, shop)
			d.preload(`addEventListener("message", (e) => { if (e.data?.pult === 1 && e.data.type === "ready") globalThis.chatIsReady = true; })`)
			w := d.chats(d.window, demo.public+"/chat/demo-web?lang=en")
			d.says(w, "Windows by Wanda")         // storage is kept apart by site, and the shop's is the same but for the port
			if _, err := d.window(); err != nil { // the tabs are behind each other in this one
				t.Fatal(err)
			}
			for i := range 9 {
				window, err := d.behind()
				if err == nil {
					err = window.open(shop + "?lang=en")
				}
				if err == nil {
					err = window.front()
				}
				if err != nil {
					t.Fatalf("shop %d does not load: %v", i+1, err)
				}
				d.within(loadWithin, "the button is there", `document.querySelector("pult-chat")`, window)
				look[bool](d, window, `window.pult("open"), true`)
				d.within(loadWithin, "the shop is loaded to its end", `document.readyState === "complete"`, window)
				d.within(loadWithin, "the chat is at work", "globalThis.chatIsReady", window)
			}
		})
	}
}
