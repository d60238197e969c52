package journey_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestJourney_ColleaguesSeeEachOther(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Clara Colleagues")
	c.writes("Who answers me?")
	chat := c.chat()
	fr, cs := signedIn(t, demo, laure), signedIn(t, demo, demoEmail)
	fr.open(chat)
	cs.open(chat)
	fr.reads("#viewers", says("fr", "conversation.is_viewing", "name", "Martin Kučera"))
	cs.reads("#viewers", says("cs", "conversation.is_viewing", "name", "Laure Petit"))
	if strings.Contains(eval[string](fr, `document.getElementById("viewers").innerText`), "Laure") {
		t.Error("Laure sees herself looking on")
	}
	cs.fill("#composer-text", "Ty, nebo já?")
	fr.reads("#viewers", says("fr", "conversation.is_typing", "name", "Martin Kučera"))
	fr.answer("C’est moi.")
	cs.until("the colleague's answer is there", bubble("C’est moi."))
	cs.until("it is under her name", bubble("C’est moi.")+`.querySelector(".msg-by")?.textContent.includes("Laure Petit")`)
	cs.reads("#composer-text", "Ty, nebo já?") // what he types stays
	fr.open("/chats")
	cs.until("she has gone", `![...document.querySelectorAll("#viewers [data-operator]")].some((el) => el.checkVisibility())`)
}

func TestJourney_AssignmentAndStatusReachTheTableOfOthers(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Alan Assigned")
	c.writes("Whom do I owe?")
	chat := c.chat()
	table, p := signedIn(t, demo, laure), signedIn(t, demo, tom)
	table.sees(row(chat))
	p.open(chat)
	p.press("i")
	p.reads("#conversation-head", "Tom Baker")
	p.press("e")
	p.reads("#conversation-head .badge", says("en", "status.resolved"))
	table.reads(row(chat), says("fr", "status.resolved"))
}

func TestJourney_PageHealsAfterARestart(t *testing.T) {
	startBrowser(t)
	dir := t.TempDir()
	p := launch(t, nil, "-demo", "-data", dir)
	reader := signedIn(t, p, tom)
	reader.forgive("net::ERR_", "Failed to fetch", "network error", "live stream", "SSE")
	v := newVisitor(t)
	v.signIn(p.desk)
	chat := chatOf(t, v, p, "Lucie Malá")
	reader.open(chat)
	reader.fill("#composer-text", "Still typing")

	p.kill()
	reader.reads("#banner", says("en", "shell.connection.offline"))
	again := launch(
		t,
		nil,
		"-demo",
		"-data",
		dir,
		"-listen",
		strings.TrimPrefix(p.desk, "http://"),
		"-public",
		strings.TrimPrefix(p.public, "http://"),
	)
	if again.desk != p.desk {
		t.Fatalf("the desk moved from %s to %s", p.desk, again.desk)
	}
	status, err := postWebhook(http.DefaultClient, again.public, webhookBody("wamid.restart", "420602111203", "Are you back?", time.Now()))
	if err != nil || status != http.StatusOK {
		t.Fatalf("webhook: status %d, %v", status, err)
	}
	reader.until("what was missed is there", bubble("Are you back?"))
	reader.misses("#banner")
	reader.reads("#composer-text", "Still typing")
	reader.answer("We are")
	reader.until("the answer leaves", `["sent", "read"].includes(`+bubble("We are")+`?.dataset.state)`)
}

func TestJourney_AnswerWrittenWithoutAConnectionIsKept(t *testing.T) {
	startBrowser(t)
	dir := t.TempDir()
	p := launch(t, nil, "-demo", "-data", dir)
	reader := signedIn(t, p, tom)
	reader.forgive("net::ERR_", "Failed to fetch", "network error", "SSE")
	v := newVisitor(t)
	v.signIn(p.desk)
	reader.open(chatOf(t, v, p, "Lucie Malá"))
	p.kill()
	reader.answer("Written in the dark")
	reader.until("the bubble says that it failed", bubble("Written in the dark")+`?.dataset.state === "failed"`)
	launch(
		t,
		nil,
		"-demo",
		"-data",
		dir,
		"-listen",
		strings.TrimPrefix(p.desk, "http://"),
		"-public",
		strings.TrimPrefix(p.public, "http://"),
	)
	reader.click("#messages .msg[data-local] [data-send-retry]")
	reader.until("it leaves after all", `["sent", "read"].includes(`+bubble("Written in the dark")+`?.dataset.state)`)
	reader.open(eval[string](reader, "location.href"))
	if got := eval[int](reader, `[...document.querySelectorAll("#messages .msg-text")].filter((el) => el.textContent.includes("in the dark")).length`); got != 1 {
		t.Errorf("the answer stands there %d times", got)
	}
}
