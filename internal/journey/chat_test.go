package journey_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

func TestJourney_MessageArrivesAndIsAnswered(t *testing.T) {
	demo := sharedDemo(t)
	p := signedIn(t, demo, tom)
	waiting := eval[int](p, `Number(document.querySelector("#rail-waiting [aria-hidden]").textContent)`)
	c := newCustomer(t, demo, "Ida Inbound")
	c.writes("Are you open on Sunday?")

	chat := c.chat()
	p.reads(row(chat), "Are you open on Sunday?") // without a reload
	p.sees(row(chat) + " .count")
	p.sees(row(chat) + " .beacon")
	p.until("the rail counts", fmt.Sprintf(`Number(document.querySelector("#rail-waiting [aria-hidden]").textContent) === %d`, waiting+1))
	p.until("the title counts", fmt.Sprintf(`document.title.startsWith("(%d) ")`, waiting+1))
	p.until(
		"the summary counts",
		fmt.Sprintf(`document.querySelector("#summary .stat[href*=waiting] .stat-value").textContent === "%d"`, waiting+1),
	)

	p.click(row(chat) + " .table-text")
	p.at(chat)
	p.ready()
	c.writes("Or on Saturday?")
	p.until("the second message is in the thread", bubble("Or on Saturday?"))
	p.answer("Both, from nine.")
	p.until(
		"the answer is delivered",
		bubble("Both, from nine.")+`?.querySelector(".ticks")?.title.startsWith("`+says("en", "state.delivered")+`")`,
	)
	c.looks()
	p.until("the answer is read", bubble("Both, from nine.")+`?.dataset.state === "read"`)
	p.open("/chats")
	p.misses(row(chat) + " .beacon")
	p.misses(row(chat) + " .count")
}

func TestJourney_PictureArrives(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Pia Picture")
	c.writes("Look at this")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	c.sendsPhoto()
	p.until(
		"the picture is seen",
		`[...document.querySelectorAll("#messages .msg[data-from='them'] img")].some((i) => i.complete && i.naturalWidth > 0)`,
	)
}

func TestJourney_PicturesAreSent(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Otto Outgoing")
	c.writes("Which colour do you have?")
	p := signedIn(t, demo, tom)
	p.open(c.chat())

	p.do(chromedp.SetUploadFiles(chromedp.CSS("[data-attach]"), []string{pictureFile(t, "blue.png")}))
	p.reads("#uploads .upload[data-file]", "blue.png")
	p.paste(picture(t))
	p.until("both chips are there", `document.querySelectorAll("#uploads .upload[data-file]").length === 2`)
	p.click("#uploads .upload:last-child [data-upload-remove]")
	p.until("one chip is gone", `document.querySelectorAll("#uploads .upload").length === 1`)
	p.answer("This one")
	p.until("the bubble shows the picture", bubble("This one")+`?.querySelector("img")?.naturalWidth > 0`)
	p.until("the picture is delivered", `["sent", "read"].includes(`+bubble("This one")+`?.dataset.state)`)
	p.misses("#uploads .upload")
}

func TestJourney_FileThatNobodyTakesIsRefusedAtOnce(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Rosa Refused")
	c.writes("Send me the program")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	p.do(chromedp.SetUploadFiles(chromedp.CSS("[data-attach]"), []string{pictureFile(t, "pult.exe")}))
	p.sees("#uploads .upload[data-state=failed]")
	p.reads("#uploads .upload[data-state=failed]", "pult.exe")
	p.click("#uploads [data-upload-remove]")
	p.answer("I am afraid not")
	p.until("the text leaves", bubble("I am afraid not"))
}

func TestJourney_TemplateOpensAClosedWindow(t *testing.T) {
	demo := sharedDemo(t)
	v := newVisitor(t)
	v.signIn(demo.desk)
	chat := chatOf(t, v, demo, "Simona Němcová") // she wrote two days ago
	p := signedIn(t, demo, demoEmail)
	p.open(chat)
	p.misses("#composer-text")
	p.click("[data-when-closed] .btn")
	p.click("#templates a.template-item[href*='delivery_on_the_way'][href*='cs']")
	p.sees("#template-form")
	if !eval[bool](p, `document.querySelector("#template-form .btn-primary").disabled`) {
		t.Error("a template without its values can be sent")
	}
	values := []string{"P-9001", "paní Němcová", "13:00", "15:00", "9001"}
	for i, value := range values {
		p.fill(fmt.Sprintf("#slot-%d", i), value)
	}
	p.reads("#template-preview", "Dobrý den, paní Němcová, vaše zásilka dorazí dnes mezi 13:00 a 15:00.")
	p.reads("#template-preview", "Zásilka P-9001")
	p.click("#template-form .btn-primary")
	p.misses("#templates")
	p.until("the template is in the thread", bubble("mezi 13:00 a 15:00")+`?.dataset.from === "us"`)
	p.sees("[data-when-closed]")
}

func TestJourney_ComposerLocksItselfWhenTheWindowCloses(t *testing.T) {
	demo := sharedDemo(t)
	v := newVisitor(t)
	v.signIn(demo.desk)
	p := signedIn(t, demo, tom)
	// The page has to be there before the window closes. What is left afterwards is waited for, so it begins with
	// little.
	for _, left := range []time.Duration{4 * time.Second, 16 * time.Second} {
		lastWord(t, demo, left)
		p.open(chatOf(t, v, demo, "nearly a day ago"))
		if eval[string](p, `document.querySelector(".window-chip").dataset.state`) == "closing" {
			break
		}
	}
	p.sees("#composer-text")
	p.misses("#composer-text") // nothing but time passed
	p.sees("[data-when-closed]")
	p.until("the chip says so", `document.querySelector(".window-chip").dataset.state === "closed"`)
}

// lastWord lets somebody have written so long ago that the window stays open for what is left.
func lastWord(t *testing.T, demo *process, left time.Duration) {
	t.Helper()
	const margin = 5 * time.Minute // the WhatsApp driver keeps it back from the 24 hours
	body := webhookBody(
		"wamid.deadline."+left.String(),
		"420777399999",
		"nearly a day ago",
		time.Now().Add(-24*time.Hour+margin+left+time.Second),
	)
	if status, err := postWebhook(http.DefaultClient, demo.public, body); err != nil || status != http.StatusOK {
		t.Fatalf("webhook: status %d, %v", status, err)
	}
}

func TestJourney_RequestIsMadeFromAMessage(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Rene Request")
	c.writes("Please repair my grinder")
	p := signedIn(t, demo, tom)
	chat := c.chat()
	p.open(chat)

	p.click("#messages .msg[data-from='them'] .msg-text") // shows its buttons, with a pointer or without
	p.click("#messages .msg[data-from='them'] [data-message-do='request']")
	p.reads("#request-description", "Please repair my grinder")
	p.fill("#request-title", " ")
	p.click("#request-form .btn-primary")
	p.sees("#request-title-error")
	if !eval[bool](p, `document.querySelector("#request-title").getAttribute("aria-invalid") === "true"`) {
		t.Error("the field does not say that it is wrong")
	}
	p.fill("#request-title", "Grinder does not grind")
	p.click("#request-form .btn-primary")
	p.reads("#requests .request", "Grinder does not grind")
	code := strings.TrimSpace(eval[string](p, `document.querySelector("#requests .request-code").textContent`))
	if !strings.HasPrefix(code, "P-") {
		t.Errorf("the request is called %q, want P-…", code)
	}
	p.reads("#messages .msg[data-from='them'] .msg-meta .badge", code)

	c.writes("It is a Molinex")
	p.until("the second message is there", bubble("It is a Molinex"))
	if !eval[bool](p, `document.querySelector("#requests .request[aria-current]") !== null`) {
		p.click("#requests .request")
		p.sees("#requests .request[aria-current]")
	}
	p.click("[data-file-last] label")
	p.until(
		"the second message belongs to the request",
		bubble("It is a Molinex")+`?.querySelector(".msg-meta .badge")?.textContent === "`+code+`"`,
	)
	p.until("the request counts two", `document.querySelector("#requests .request-sub").textContent.includes("2")`)
	p.click("#side .pane-head a[data-key='Escape']")
	p.reads("#side-title", says("en", "request.new"))
	p.misses("[data-file-last]")
}

func TestJourney_NoReplyNeededPutsTheBeaconOutEverywhere(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Nora Noreply")
	c.writes("Thank you!")
	chat := c.chat()
	table := signedIn(t, demo, alena)
	table.sees(row(chat) + " .beacon")
	p := signedIn(t, demo, tom)
	p.open(chat)
	p.click("#after-last form:first-child label")
	table.misses(row(chat) + " .beacon")
	p.until("the tick stays", `document.querySelector("#after-last [name=on]").checked`)
	p.click("#after-last form:first-child label")
	table.sees(row(chat) + " .beacon")
}

func TestJourney_DraftSurvivesClosingThePage(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Dora Draft")
	c.writes("What does it cost?")
	chat := c.chat()
	home := signedIn(t, demo, tom)
	p := home.tab()
	p.open(chat)
	p.fill("#composer-text", "It costs about")
	p.close() // at once: nothing waited for the draft to be saved

	// The page that went saves it as its last act, which takes a moment.
	v := newVisitor(t)
	v.as(tom, demo.desk)
	v.until(demo.desk+chat, "It costs about")
	office := signedIn(t, demo, tom)
	office.open(chat)
	office.reads("#composer-text", "It costs about")
	office.answer("It costs about ten euros")
	office.until("it is sent", bubble("ten euros"))
	home.open(chat)
	home.until("the draft is gone", `document.querySelector("#composer-text").value === ""`)
}

func TestJourney_ImpatientReaderSendsOnce(t *testing.T) {
	demo := sharedDemo(t)
	c := newCustomer(t, demo, "Ines Impatient")
	c.writes("Hello?")
	p := signedIn(t, demo, tom)
	p.open(c.chat())
	p.fill("#composer-text", "Sent by double click")
	p.click("[data-send]", 2)
	p.until("it is sent", bubble("double click"))
	p.fill("#composer-text", "Sent by a heavy finger")
	p.hold("Enter", 20)
	p.until("it is delivered", `["sent", "read"].includes(`+bubble("heavy finger")+`?.dataset.state)`)
	p.open(c.chat())
	if got := eval[int](p, `document.querySelectorAll("#messages .msg[data-from='us']").length`); got != 2 {
		t.Errorf("got %d answers, want 2", got)
	}
}
