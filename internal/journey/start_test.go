package journey_test

import (
	"strings"
	"testing"
)

func TestJourney_FirstRunMakesTheAdministrator(t *testing.T) {
	startBrowser(t)
	p := launch(t, nil, "-data", t.TempDir())
	said := <-p.said
	_, address, ok := strings.Cut(strings.TrimSpace(said), "once): ")
	if !ok {
		t.Fatalf("the start says %q and not where to set up", said)
	}
	owner := newReader(t, p.desk)

	owner.open("/setup?token=wrong")
	owner.at("/setup")
	if eval[bool](owner, `Boolean(document.querySelector("form"))`) {
		t.Error("a wrong token opens the set-up")
	}
	owner.open(address)
	owner.at("/setup")
	if at := eval[string](owner, "location.search"); at != "" {
		t.Errorf("the token stays in the address bar: %s", at)
	}
	owner.choose("#field-language", "en")
	owner.fill("#field-company", "Café & Co.")
	owner.fill("#field-name", "Ada Owner")
	owner.fill("#field-email", "ada@cafe.example")
	owner.fill("#field-password", "long enough 2026")
	owner.click("form.form button[type=submit]")
	owner.at("/chats")
	owner.ready()
	owner.reads("#chats-empty h2", says("en", "chats.empty.title"))
	owner.reads("#chats-empty p", says("en", "chats.empty.text"))
	owner.click("#chats-empty a[href='/settings/channels']")
	owner.at("/settings/channels")
	owner.sees(".empty a[href='/settings/channels/add']")

	stranger := newReader(t, p.desk)
	stranger.open(address)
	stranger.at("/signin")
	stranger.fill("#field-email", "ada@cafe.example")
	stranger.fill("#field-password", "long enough 2026")
	stranger.press("Enter")
	stranger.at("/chats")
}

func TestJourney_SigningInSpeaksTheReadersLanguage(t *testing.T) {
	demo := sharedDemo(t)
	for _, tc := range []struct{ browser, page string }{{"fr-FR,fr", "fr"}, {"cs", "cs"}, {"en-GB", "en"}, {"de", "en"}} {
		p := newReader(t, demo.desk)
		p.speak(tc.browser)
		p.open("/signin")
		if got := eval[string](p, "document.documentElement.lang"); got != tc.page {
			t.Errorf("a browser that asks for %s gets %s, want %s", tc.browser, got, tc.page)
		}
		p.reads("button[type=submit]", says(tc.page, "signin.enter"))
		p.signIn(laure)
		if got := eval[string](p, "document.documentElement.lang"); got != "fr" {
			t.Errorf("Laure works in %s, want fr", got)
		}
	}
}

func TestJourney_WrongPasswordIsSaidAndTheAddressKept(t *testing.T) {
	demo := sharedDemo(t)
	p := newReader(t, demo.desk)
	p.speak("en")
	p.open("/chats?view=mine") // leads to the sign-in, and back afterwards
	p.fill("#field-email", alena)
	p.fill("#field-password", "wrong")
	p.press("Enter")
	p.sees("#signin-failure")
	p.reads("#field-email", alena)
	p.fill("#field-password", demoPassword)
	p.press("Enter")
	p.at("/chats")
	if got := eval[string](p, "location.search"); got != "?view=mine" {
		t.Errorf("signing in leads to /chats%s, want ?view=mine", got)
	}
}
