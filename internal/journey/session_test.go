package journey_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// The dialog that asks for the password over a page.
const again = "#signin-again[open]"

// endSession signs a reader out in another tab of their browser, and waits until the page knows.
func (p *page) endSession() {
	p.t.Helper()
	other := p.tab()
	other.open("/profile")
	other.click("[popovertarget=me-menu]")
	other.click("form[action='/signout'] button")
	other.at("/signin")
	other.close()
	p.sees(again)
}

// comeBack enters the password in the dialog.
func (p *page) comeBack() {
	p.t.Helper()
	p.sees(again)
	p.fill("#signin-again-password", demoPassword)
	p.press("Enter")
	p.misses(again)
}

// signOutUnseen ends the session from within the page, so that what it sends next may be the first to learn of it.
func (p *page) signOutUnseen() {
	p.t.Helper()
	eval[bool](p, `fetch("/signout", { method: "POST", redirect: "manual" }).then(() => true)`)
}

func TestSession_AnswerWaitsForThePasswordAndIsSentOnce(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Emil Ended")
	c.writes("Do you still have it?")
	p := signedIn(t, demo, tom)
	chat := c.chat()
	p.open(chat)
	p.fill("#composer-text", "Yes, two of them are left")
	p.endSession()
	p.press("Escape")
	p.press("Escape")
	p.sees(again) // there is nothing to go on with without it
	if got := eval[string](p, `document.querySelector("#signin-again-email").value`); got != tom {
		t.Errorf("the dialog asks %q, want %s", got, tom)
	}
	p.fill("#signin-again-password", "not the password")
	p.press("Enter")
	p.sees(again + " [role=alert]")
	p.comeBack()
	p.until("the focus is where it was", `document.activeElement?.id === "composer-text"`)
	p.reads("#composer-text", "Yes, two of them are left")
	p.press("Enter")
	p.until("it is delivered", `["sent", "read"].includes(`+bubble("two of them")+`?.dataset.state)`)
	c.writes("Good")
	p.until("the page hears on", bubble("Good"))
	p.open(chat)
	if got := eval[int](p, `document.querySelectorAll("#messages .msg[data-from='us']").length`); got != 1 {
		t.Errorf("got %d answers, want 1", got)
	}
}

// What is sent at the moment of the end is the first to learn of it.
func TestSession_AnswerSentAfterTheEndIsNotLost(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Ema Early")
	c.writes("Is it there?")
	p := signedIn(t, demo, tom)
	chat := c.chat()
	p.open(chat)
	p.fill("#composer-text", "It came this morning")
	eval[bool](p, `fetch("/signout", { method: "POST", redirect: "manual" }).then(() => { document.querySelector("form.composer").requestSubmit(); return true; })`)
	p.comeBack()
	p.until("it is delivered", `["sent", "read"].includes(`+bubble("this morning")+`?.dataset.state)`)
	p.until("nothing is kept any more", `Object.keys(localStorage).every((key) => !key.startsWith("pult.unsent"))`)
}

func TestSession_DraftIsKeptThoughTheBrowserIsClosed(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Dan Draft")
	c.writes("How much?")
	home := signedIn(t, demo, tom)
	p := home.tab()
	chat := c.chat()
	p.open(chat)
	p.fill("#composer-text", "About forty euros")
	p.signOutUnseen() // before a draft is saved, where the machine is quick
	p.sees(again)
	p.close()
	home.signInAgain(laure) // somebody else at the same machine
	home.open(chat)
	home.until("it is not theirs", `document.querySelector("#composer-text").value === ""`)
	home.endSession()
	home.open("/signin")
	home.signInAgain(tom)
	home.open(chat)
	home.reads("#composer-text", "About forty euros")
}

// signInAgain signs somebody in on the page before the desk.
func (p *page) signInAgain(email string) {
	p.t.Helper()
	p.open("/signin")
	p.fill("#field-email", email)
	p.fill("#field-password", demoPassword)
	p.press("Enter")
	p.at("/chats")
	p.ready()
}

func TestSession_FileWaitsForThePassword(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Flora File")
	c.writes("May I see it?")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	p.signOutUnseen()
	p.do(chromedp.SetUploadFiles(chromedp.CSS("[data-attach]"), []string{pictureFile(t, "red.png")}))
	p.comeBack()
	p.reads("#uploads .upload[data-file]", "red.png")
	p.answer("Here it is")
	p.until("the picture is delivered", `["sent", "read"].includes(`+bubble("Here it is")+`?.dataset.state)`)
}

func TestSession_RequestFormWaitsForThePasswordAndMakesOne(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Rita Request")
	c.writes("The lamp is broken")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	p.fill("#request-title", "Broken lamp of Rita")
	p.signOutUnseen()
	p.sees(again)
	eval[bool](p, `document.querySelector("#request-form").requestSubmit(), true`) // at the same moment
	p.comeBack()
	p.reads("#requests .request", "Broken lamp of Rita")
	if got := eval[int](p, `document.querySelectorAll("#requests .request").length`); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}

// Forms of the settings are sent by the browser itself, without a script: the page asks before it leaves.
func TestSession_SettingsFormWaitsForThePassword(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, alena)
	p.open("/profile")
	signature := fmt.Sprintf("Alena, extension %d", customers.Add(1))
	p.fill("#field-signature", signature)
	p.signOutUnseen()
	eval[bool](p, `document.querySelector("form[action='/profile'] [type=submit]").click(), true`)
	p.comeBack()
	p.sees(".page-head .badge")
	p.reads("#field-signature", signature)
}

func TestSession_FilterWaitsForThePassword(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Fedor Filter")
	c.writes("An unusual word: quagga")
	p := signedIn(t, demo, tom)
	p.sees(row(c.chat()))
	p.signOutUnseen()
	eval[bool](p, `(() => { const q = document.querySelector("#chats-filter [name=q]"); q.value = "quagga"; q.form.requestSubmit(); return true; })()`)
	p.comeBack()
	p.until("the table is filtered", `document.querySelectorAll("#chat-rows tr").length === 1`)
}

// Two windows of one browser: whoever signs in again in one goes on in both, and somebody else in neither.
func TestSession_OtherWindowsGoOnWhenTheirReaderIsBackAndOnlyThen(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Wanda Window")
	c.writes("Which one is cheaper?")
	p := signedIn(t, demo, tom)
	chat := c.chat()
	p.open(chat)
	p.fill("#composer-text", "The blue one is cheaper")
	other := p.tab()
	other.open("/chats")
	other.signOutUnseen()
	p.sees(again)
	other.sees(again)
	eval[bool](p, `document.querySelector("form.composer").requestSubmit(), true`)

	third := p.tab()
	third.signInAgain(laure)
	p.sees(again)
	if eval[int](third, `fetch("`+chat+`").then((a) => a.text()).then((text) => text.includes("The blue one is cheaper") ? 1 : 0)`) != 0 {
		t.Error("the answer was sent though its author was not signed in")
	}
	other.comeBack()
	p.misses(again)
	p.until("it is delivered", `["sent", "read"].includes(`+bubble("blue one")+`?.dataset.state)`)
	p.reads(bubbleBy, "Tom Baker")
	third.sees(again)
}

// bubbleBy is who wrote what was answered.
const bubbleBy = "#messages .msg[data-from='us'] .msg-by"

func TestSession_DialogSpeaksTheReadersLanguageAndCanBeUsedWithoutAPointer(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, alena)
	p.open("/operators")
	p.endSession()
	lang := eval[string](p, "document.documentElement.lang")
	p.reads(again+" h2", says(lang, "signin.again"))
	p.until("the password has the focus", `document.activeElement?.id === "signin-again-password"`)
	if got := eval[string](p, `document.querySelector("#signin-again").getAttribute("aria-labelledby")`); !strings.Contains(got, "title") {
		t.Errorf("the dialog is named by %q", got)
	}
	p.typed(demoPassword)
	p.press("Enter")
	p.misses(again)
}

// byThemselves are the addresses that count as no use of the session: TestSession_OnlyWhatAPersonDoesIsUse holds each.
var byThemselves = regexp.MustCompile(`^/(live|live/news|session|static/.*|keys|files/[^/]+|messages/[^/]+/letter|` +
	`chats/[^/]+/(presence|open|requests|side))$`)

// What a page asks while nobody touches it must not keep its reader signed in.
func TestSession_PageLeftOpenAsksOnlyWhatIsNoUse(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Lola Leftopen")
	c.writes("Is anybody there?")
	p := signedIn(t, demo, tom)
	table := p.tab()
	table.open("/chats")
	p.open(c.chat())
	for _, page := range []*page{p, table} {
		page.until("the page hears", `performance.getEntriesByType("resource").some((e) => e.name.includes("/live/news"))`)
		eval[bool](page, `performance.clearResourceTimings(), true`)
	}
	c.writes("Nobody?")
	p.until("it arrives", bubble("Nobody?"))
	c.sendsPhoto()
	p.until("the picture is seen", `[...document.querySelectorAll("#messages .msg[data-from='them'] img")].some((i) => i.complete && i.naturalWidth > 0)`)
	p.until("the desk is told that it was seen", `performance.getEntriesByType("resource").some((e) => e.name.endsWith("/open"))`)
	for _, page := range []*page{p, table} {
		for _, path := range eval[[]string](page, `performance.getEntriesByType("resource").map((e) => new URL(e.name).pathname)`) {
			if !byThemselves.MatchString(path) {
				t.Errorf("a page that nobody touches asks for %s, which counts as use", path)
			}
		}
	}
}

// A page whose news are too old to be told loads itself again, but not over what somebody typed.
func TestSession_PageThatIsTooOldKeepsWhatWasTyped(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Olin Old")
	c.writes("The chair squeaks")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	p.fill("#request-title", "A chair that squeaks")
	eval[bool](p, `(() => {
		globalThis.first = true;
		const ask = globalThis.fetch;
		globalThis.fetch = (to, how) => String(to).includes("/live/news") ? Promise.resolve(new Response(null, { status: 205 })) : ask(to, how);
		return true;
	})()`)
	c.writes("Still")
	p.reads("#banner", says("en", "shell.connection.reload"))
	p.reads("#request-title", "A chair that squeaks")
	eval[bool](p, `document.querySelector("#request-form").reset(), true`)
	c.writes("And still")
	p.until("the page was loaded again", `!globalThis.first && document.readyState === "complete"`)
}
