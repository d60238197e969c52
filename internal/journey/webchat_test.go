package journey_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The shop's page is somebody else's: it comes from the simulator's own server, another origin than the desk's.

// shopOf is the address of the invented shop, as the desk's settings of the chat tell it.
func shopOf(t *testing.T, v *visitor, demo *process) string {
	t.Helper()
	form := v.get(demo.desk + webChatSettings(t, v, demo))
	found := regexp.MustCompile(`name="f_origins"[^>]* value="(http://127\.0\.0\.1:\d+)`).FindStringSubmatch(form)
	if found == nil {
		t.Fatal("the settings of the chat name no site")
	}
	return found[1] + "/shop"
}

// webChatSettings is the path of the settings of the demo's chat.
func webChatSettings(t *testing.T, v *visitor, demo *process) string {
	t.Helper()
	found := regexp.MustCompile(`href="(/settings/channels/[0-9a-z]{26})"><bdi>Chat na webu`).
		FindStringSubmatch(v.get(demo.desk + "/settings/channels"))
	if found == nil {
		t.Fatal("the demo has no web chat")
	}
	return found[1]
}

// chatDemo is a desk of its own whose chat asks for name and mail address.
func chatDemo(t *testing.T) (demo *process, shop string) {
	t.Helper()
	startBrowser(t)
	demo = launch(t, nil, "-demo")
	v := newVisitor(t)
	v.signIn(demo.desk)
	shop = shopOf(t, v, demo)
	form := url.Values{
		"colour":       {"#7a1fa2"},
		"position":     {"right"},
		"details":      {"both"},
		"follow_up_en": {"Thank you, a mechanic reads this now."},
	}
	res, err := v.PostForm(demo.desk+webChatSettings(t, v, demo)+"/appearance", form)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatalf("asking for details: status %d", res.StatusCode)
	}
	return demo, shop
}

// button is script that reports whether the focus is on the chat's button.
const onButton = `document.activeElement?.localName === "pult-chat"`

// openChat opens the chat by keyboard alone.
func (p *page) openChat() frame {
	p.t.Helper()
	p.until("the button is there", `Boolean(document.querySelector("pult-chat"))`)
	for range 20 {
		if eval[bool](p, onButton) {
			break
		}
		p.press("Tab")
	}
	p.until("the button has the focus", onButton)
	p.press("Enter")
	f := frame{p, "/chat/demo-web"}
	f.until("the chat is there", `document.documentElement.dataset.script === "" && document.getElementById("text").checkVisibility()`)
	return f
}

func said(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#messages .msg")].find((m) => m.textContent.includes(%s))`, quote(text))
}

func TestJourney_VisitorWritesFromAShopAndIsAnswered(t *testing.T) {
	demo, shop := chatDemo(t)
	visitor := newReader(t, shop)
	visitor.open(shop + "?lang=en")
	chat := visitor.openChat()
	chat.focused("#name") // straight to what is asked
	chat.reads("#greeting", says("en", "widget.greeting"))

	visitor.press("Enter")
	chat.fill("#text", "Do you repair cargo bicycles?")
	visitor.press("Enter")
	chat.reads("#fault-name", says("en", "error.field.required"))
	chat.focused("#name")
	chat.fill("#name", "Vera Visitor")
	chat.fill("#email", "véra@example.org")
	visitor.press("Enter")
	chat.reads("#fault-email", "vera@example.org")
	chat.focused("#email")
	chat.fill("#email", "vera@example.org")
	visitor.press("Enter")
	chat.until(
		"the message stands there once",
		said(
			"cargo bicycles",
		)+`&& document.querySelectorAll("#messages .msg[data-from=you]").length === 1 && !document.querySelector("[data-pending]")`,
	)
	chat.reads("#messages", "Thank you, a mechanic reads this now.")
	chat.misses("#name")

	agent := signedIn(t, demo, tom)
	v := newVisitor(t)
	v.signIn(demo.desk)
	path := chatOf(t, v, demo, "Vera Visitor")
	agent.open(path)
	agent.until("the message is in the thread", bubble("cargo bicycles"))
	chat.reads("#state", says("en", "widget.seen"))
	agent.fill("#composer-text", "Yes, ")
	chat.reads("#typing", says("en", "widget.typing", "name", "Tom Baker"))
	agent.answer("Yes, every day")
	chat.until("the answer is there", said("Yes, every day")+`?.textContent.includes("Tom Baker")`)
	agent.until("the answer was read", bubble("Yes, every day")+`?.dataset.state === "read"`)
	chat.fill("#text", "Wonderful")
	agent.reads("#viewers", says("en", "conversation.is_typing", "name", "Vera Visitor"))
	visitor.press("Enter")
	agent.until("the second message is there", bubble("Wonderful"))
	agent.click("#conversation-head h2 a")
	agent.reads("#contact", "Ferry Lane Bicycles")

	chat.do(pasteIntoChat(picture(t)))
	chat.reads("#chosen", "pasted.png")
	chat.focused("#text")
	visitor.press("Enter")
	agent.click("#contact [aria-label]")
	agent.until(
		"the picture is seen",
		`[...document.querySelectorAll("#messages .msg[data-from='them'] img")].some((i) => i.complete && i.naturalWidth > 0)`,
	)
	chat.until(
		"the visitor sees it too",
		`[...document.querySelectorAll("#messages .msg img")].some((i) => i.complete && i.naturalWidth > 0)`,
	)

	visitor.press("Escape")
	visitor.until("the focus is back on the button", onButton)
	visitor.open(shop + "?lang=cs") // another page of the shop: the conversation follows
	again := visitor.openChat()
	again.until("all of it is there", said("Yes, every day")+"&&"+said("Wonderful"))
	again.misses("#name")
}

func pasteIntoChat(picture []byte) string {
	return fmt.Sprintf(`(() => {
		const bytes = Uint8Array.from(atob(%s), (c) => c.charCodeAt(0));
		const clipboardData = new DataTransfer();
		clipboardData.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
		document.getElementById("text").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
		return true;
	})()`, quote(base64.StdEncoding.EncodeToString(picture)))
}

func TestJourney_VisitorsChatHealsAfterACut(t *testing.T) {
	startBrowser(t)
	dir := t.TempDir()
	demo := launch(t, nil, "-demo", "-data", dir)
	v := newVisitor(t)
	v.signIn(demo.desk)
	p := newReader(t, demo.public)
	p.forgive("net::ERR_", "Failed to fetch", "network error")
	// the page by itself, with script: the shop would move with the restart
	p.do(chromedp.Navigate(demo.public + "/chat/demo-web?lang=en"))
	p.reads("#greeting", says("en", "widget.greeting"))
	p.fill("#text", "First")
	p.press("Enter")
	p.until("it is sent", said("First")+`&& !document.querySelector("[data-pending]")`)
	p.until("the greeting is stored", `document.querySelectorAll("#messages .msg").length === 3`)

	demo.kill()
	p.fill("#text", "In the dark")
	p.press("Enter")
	p.until("it waits", said("In the dark")+`?.hasAttribute("data-pending")`)
	p.reads("#news", says("en", "widget.offline"))
	launch(
		t,
		nil,
		"-demo",
		"-data",
		dir,
		"-listen",
		strings.TrimPrefix(demo.desk, "http://"),
		"-public",
		strings.TrimPrefix(demo.public, "http://"),
	)
	p.until("it leaves after all", said("In the dark")+`&& !document.querySelector("[data-pending]")`)
	p.misses("#news")
	v.signIn(demo.desk)
	v.until(demo.desk+chatOf(t, v, demo, "In the dark"), "In the dark")
	p.do(chromedp.Navigate(demo.public + "/chat/demo-web?lang=en"))
	p.until("everything stands there once", `document.querySelectorAll("#messages .msg").length === 4`)
}

func TestJourney_ChatOnAnotherSiteIsRefused(t *testing.T) {
	demo := sharedDemo(t)
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(
			w,
			`<!doctype html><title>Another site</title><link rel="icon" href="data:,"><script src="%s/widget.js?channel=demo-web"></script><iframe id="stolen" src="%s/chat/demo-web"></iframe>`,
			demo.public,
			demo.public,
		)
	}))
	defer thief.Close()
	p := newReader(t, thief.URL)
	p.forgive("frame-ancestors")
	p.do(chromedp.Navigate(thief.URL))
	p.until("the page is there", `document.readyState === "complete"`)
	if eval[bool](p, `Boolean(document.querySelector("pult-chat"))`) {
		t.Error("the button shows on a site that is not the shop's")
	}
	if words, err := (frame{p, "/chat/demo-web"}).look("document.body.innerText"); err == nil &&
		strings.Contains(string(words), says("en", "widget.greeting")) {
		t.Error("the chat shows in a frame of a site that is not the shop's")
	}
}

func TestJourney_ChatWithoutScript(t *testing.T) {
	demo := sharedDemo(t)
	v, agent := newVisitor(t), newVisitor(t)
	agent.signIn(demo.desk)
	page := v.get(demo.public + "/chat/demo-web?lang=cs")
	id := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(page)
	if id == nil || !strings.Contains(page, says("cs", "widget.greeting")) {
		t.Fatalf("got\n%s", page)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("id", id[1])
	_ = form.WriteField("text", "Píši bez skriptů, máte Vltavu skladem?")
	_ = form.Close()
	res, err := v.Post(demo.public+"/chat/demo-web?lang=cs", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	path := chatOf(t, agent, demo, "bez skriptů")
	if res, err = agent.PostForm(demo.desk+path+"/reply", url.Values{
		"id":   {messageIDs.New(time.Now()).String()},
		"text": {"Ano, máme."},
	}); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	v.until(demo.public+"/chat/demo-web?lang=cs", "Ano, máme.")
	v.until(demo.public+"/chat/demo-web?lang=cs", "Píši bez skriptů")
}

func TestAxe_ChatIsAccessible(t *testing.T) {
	demo, shop := chatDemo(t)
	source, err := os.ReadFile(axeFile)
	if err != nil {
		t.Fatal(err)
	}
	p := newReader(t, shop)
	p.judge([]screen{{"shop with the chat closed", shop + "?lang=en", nil}})
	chat := p.openChat()
	chat.judge("chat that asks who you are", string(source))
	p.press("Enter")
	chat.focused("#name")
	chat.judge("chat with faults", string(source))
	chat.fill("#name", "Axel")
	chat.fill("#email", "axel@example.org")
	chat.fill("#text", "Hello")
	p.press("Enter")
	chat.reads("#messages", "a mechanic reads this now")
	chat.do(`document.getElementById("emoji").click()`)
	chat.judge("chat with a conversation and emoji", string(source))
	p.do(chromedp.Navigate(demo.public + "/chat/demo-web?lang=fr"))
	p.reads("#messages", "a mechanic reads this now") // the same visitor, by the page itself
	for _, theme := range []string{"light", "dark"} {
		p.theme(theme)
		p.report("chat by itself", theme, eval[string](p, string(source)+"; "+runAxe))
	}

	admin := signedIn(t, demo, demoEmail)
	v := newVisitor(t)
	v.signIn(demo.desk)
	settings := webChatSettings(t, v, demo)
	admin.judge([]screen{{"web chat", settings, nil}, {"appearance", settings + "/appearance", nil}})
}

func TestJourney_AppearanceIsPreviewedBeforeItIsSaved(t *testing.T) {
	demo := sharedDemo(t)
	v := newVisitor(t)
	v.signIn(demo.desk)
	admin := signedIn(t, demo, demoEmail)
	admin.open(webChatSettings(t, v, demo) + "/appearance")
	preview := frame{admin, "/appearance/preview"}
	preview.reads("#greeting", says("cs", "widget.greeting"))
	admin.fill("#field-greeting_cs", "Vítejte u kol!")
	preview.reads("#greeting", "Vítejte u kol!")
	admin.choose("#field-details", "both")
	preview.until("the preview asks", `document.getElementById("name").checkVisibility()`)
	eval[bool](
		admin,
		`(() => { const el = document.getElementById("field-colour"); el.value = "#ffe000"; el.dispatchEvent(new Event("input", { bubbles: true })); return true; })()`,
	)
	preview.until("the preview has the colour", `getComputedStyle(document.querySelector(".head")).backgroundColor === "rgb(255, 224, 0)"`)
	preview.until("and an ink to read on it", `getComputedStyle(document.querySelector(".head")).color === "rgb(16, 22, 21)"`)
	if stranger := newVisitor(t).get(demo.public + "/chat/demo-web?lang=cs"); strings.Contains(stranger, "Vítejte u kol!") {
		t.Error("visitors read what was not saved")
	}
	admin.open(webChatSettings(t, v, demo) + "/appearance")
	preview.reads("#greeting", says("cs", "widget.greeting"))
}
