package inbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/webtest"
)

func TestConversation_Page(t *testing.T) {
	r := webtest.NewTalk(t)
	out := webtest.WantStatus(t, r.Get(r.Jana, r.ChatPath(r.Channel), false), http.StatusOK)
	webtest.Contains(t, out, []string{
		"<!doctype html>", "Tomáš Novák", "&#43;420 777 000 111", `role="log"`, "Dobrý den,\nkde je objednávka?", `href="https://example.com"`,
		"Unread from here", "No reply needed", `id="request-form"`, `name="text"`, "page=conversation", "Window closes in",
	}, []string{"Toto je tajné", `data-can-reply=""`})
	if got := r.With(r.Channel, webtest.Novak).Unread; got != 0 {
		t.Errorf("unread after opening: got %d, want 0", got)
	}
}

// A page fetched only in case it is wanted has been read by nobody.
func TestConversation_FetchedAheadStaysUnread(t *testing.T) {
	r := webtest.NewTalk(t)
	request := httptest.NewRequest(http.MethodGet, r.ChatPath(r.Channel), nil)
	request.Header.Set("Sec-Purpose", "prefetch")
	webtest.WantStatus(t, r.Ask(r.Jana, request, false), http.StatusOK)
	if got := r.With(r.Channel, webtest.Novak).Unread; got != 1 {
		t.Errorf("unread: got %d, want 1", got)
	}
}

// Every address about another team's conversation answers as if there were no such thing.
func TestConversation_AnotherTeamsIsNotFound(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Private)
	message := "/messages/" + r.With(r.Private, webtest.Novak).LastInboundID.String()
	contact := "/contacts/" + r.Say(r.Private, webtest.Hidden, "Tajné").ContactID.String()
	id := url.Values{"id": {r.NewID().String()}, "text": {"x"}}
	for name, c := range map[string]struct {
		method, target string
		form           url.Values
	}{
		"page":          {"GET", chat, nil},
		"older":         {"GET", chat + "/messages", nil},
		"requests":      {"GET", chat + "/requests", nil},
		"side":          {"GET", chat + "/side", nil},
		"templates":     {"GET", chat + "/templates", nil},
		"template form": {"GET", chat + "/templates/form?name=pripominka&language=cs", nil},
		"preview":       {"POST", chat + "/templates/preview", nil},
		"open":          {"POST", chat + "/open", nil},
		"unread":        {"POST", chat + "/unread", nil},
		"status":        {"POST", chat + "/status", url.Values{"status": {"resolved"}}},
		"assign":        {"POST", chat + "/assign", url.Values{"operator": {"me"}}},
		"no reply":      {"POST", chat + "/no-reply", nil},
		"presence":      {"POST", chat + "/presence", nil},
		"reply":         {"POST", chat + "/reply", id},
		"draft":         {"POST", chat + "/draft", nil},
		"new request":   {"POST", chat + "/requests", url.Values{"title": {"x"}, "priority": {"normal"}, "status": {"new"}}},
		"details":       {"GET", message, nil},
		"filing":        {"GET", message + "/requests", nil},
		"retry":         {"POST", message + "/retry", nil},
		"mark sent":     {"POST", message + "/mark-sent", nil},
		"react":         {"POST", message + "/react", url.Values{"emoji": {"👍"}}},
		"fetch":         {"POST", message + "/fetch", url.Values{"index": {"0"}}},
		"contact":       {"GET", contact, nil},
		"quoted":        {"GET", r.ChatPath(r.Channel) + "/side?new=" + r.With(r.Private, webtest.Novak).LastInboundID.String(), nil},
		"nonsense":      {"GET", "/chats/nonsense", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := r.Get(r.Jana, c.target, true)
			if c.method == "POST" {
				w = r.PostForm(r.Jana, c.target, c.form, true)
			}
			webtest.Contains(t, webtest.WantStatus(t, w, http.StatusNotFound), nil, []string{"tajné"})
		})
	}
	if got := r.With(r.Private, webtest.Novak); got.Status != domain.StatusNew || got.Unread == 0 || !got.Assignee.IsZero() {
		t.Errorf("another team's conversation was changed: %+v", got)
	}
}

func TestConversation_StatusAndAssignee(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	for name, c := range map[string]struct {
		path, field, value string
		code               int
		has                string
	}{
		"on hold":   {"/status", "status", "on_hold", 200, "On hold"},
		"nonsense":  {"/status", "status", "asleep", 409, ""},
		"to me":     {"/assign", "operator", "me", 200, "Jana Nová"},
		"to Eva":    {"/assign", "operator", r.Eva.ID.String(), 200, "Eva Malá"},
		"nobody":    {"/assign", "operator", "", 200, "Unassigned"},
		"who's x":   {"/assign", "operator", "x", 422, ""},
		"stale one": {"/assign", "operator", r.NewID().String(), 422, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := r.PostForm(r.Jana, chat+c.path, url.Values{c.field: {c.value}}, true)
			if w.Code != c.code && !(c.code == 422 && w.Code == 404) {
				t.Fatalf("got %d, want %d: %s", w.Code, c.code, w.Body)
			}
			webtest.Contains(t, w.Body.String(), []string{c.has}, nil)
		})
	}
	if w := r.PostForm(r.Jana, chat+"/status", url.Values{"status": {"resolved"}}, false); w.Code != http.StatusSeeOther {
		t.Errorf("without script: got %d, want 303", w.Code)
	}
}

func TestConversation_NoReplyNeeded(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	out := webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/no-reply", url.Values{"on": {"1"}}, true), http.StatusOK)
	webtest.Contains(t, out, []string{`id="after-last"`, `value="1" checked`, `id="conversation-head"`}, []string{"waited since"})
	if c := r.With(r.Channel, webtest.Novak); c.IsWaiting() {
		t.Error("the beacon is still lit")
	}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/no-reply", nil, true), http.StatusOK),
		nil,
		[]string{`value="1" checked`},
	)
}

func TestConversation_OpensAroundAMessageAndPages(t *testing.T) {
	r := webtest.New(t)
	for i := range 50 + 20 {
		r.Clock.Move(time.Minute)
		r.Say(r.Channel, webtest.Novak, "zpráva "+string(rune('A'+i%26))+strings.Repeat("i", i))
	}
	first := r.Thread(r.With(r.Channel, webtest.Novak).ID)[0]
	out := webtest.WantStatus(t, r.Get(r.Jana, r.ChatPath(r.Channel)+"?at="+first.ID.String(), false), http.StatusOK)
	webtest.Contains(
		t,
		out,
		[]string{`id="m-` + first.ID.String(), `data-at="` + first.ID.String(), `id="later"`},
		[]string{`id="earlier"`},
	)
	out = webtest.WantStatus(t, r.Get(r.Jana, r.ChatPath(r.Channel), false), http.StatusOK)
	_, link, ok := strings.Cut(out, `id="earlier"`)
	_, link, _ = strings.Cut(link, `hx-get="`)
	link, _, _ = strings.Cut(link, `"`)
	if !ok || !strings.Contains(link, "/messages?before=") {
		t.Fatalf("no way to older messages: %q", link)
	}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, strings.ReplaceAll(link, "&amp;", "&"), true), http.StatusOK),
		[]string{`id="m-` + first.ID.String()},
		[]string{"<!doctype", `id="earlier"`},
	)
}

func TestReply(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	id := r.NewID().String()
	form := url.Values{
		"id":       {id},
		"text":     {"Dobrý den,\r\nje na cestě."},
		"reply_to": {r.With(r.Channel, webtest.Novak).LastInboundID.String()},
	}
	for range 2 { // a form that arrives twice is sent once
		out := webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form, true), http.StatusOK)
		webtest.Contains(t, out, []string{`hx-swap="thread"`, `id="m-` + id, "Dobrý den,\nje na cestě.", "Jana Nová", "msg-quote"}, nil)
		r.Settle()
		if got := len(r.Vendor.Sent()); got != 1 {
			t.Fatalf("sent %d messages, want 1", got)
		}
	}
	if w := r.PostForm(r.Jana, chat+"/reply", url.Values{
		"id":   {r.NewID().String()},
		"text": {"ještě"},
	}, false); w.Code != http.StatusSeeOther {
		t.Errorf("without script: got %d, want 303", w.Code)
	}
}

func TestReply_Refusals(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	form := func(text string) url.Values { return url.Values{"id": {r.NewID().String()}, "text": {text}} }
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form("  "), true), 422),
		[]string{"composer-error", "The message is empty."},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form(strings.Repeat("ž", 5000)), true), 422),
		[]string{"composer-error"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", url.Values{"text": {"x"}}, true), 422),
		nil,
		[]string{"composer-error"},
	)
	r.Clock.Move(25 * time.Hour)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form("pozdě"), true), 422),
		[]string{"composer-error", "choose a template"},
		nil,
	)
	out := webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form("pozdě"), false), 422)
	webtest.Contains(t, out, []string{"<!doctype html>", "pozdě</textarea>", "choose a template", `data-state="closed"`}, nil)
	if got := len(r.Vendor.Sent()); got != 0 {
		t.Errorf("sent %d messages, want 0", got)
	}
}

func TestDraft_ComesBackToItsOperatorOnly(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	quoted := r.With(r.Channel, webtest.Novak).LastInboundID.String()
	webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/draft", url.Values{
		"text":     {"rozepsáno"},
		"reply_to": {quoted},
	}, true), http.StatusNoContent)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat, false), 200),
		[]string{"rozepsáno</textarea>", "Draft saved", `name="reply_to" value="` + quoted},
		nil,
	)
	webtest.Contains(t, webtest.WantStatus(t, r.Get(r.Karel, chat, false), 200), nil, []string{"rozepsáno"})
}

func TestMessage_DetailsOfThoseWhoMaySeeThem(t *testing.T) {
	r := webtest.NewTalk(t)
	path := "/messages/" + r.With(r.Channel, webtest.Novak).LastInboundID.String()
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Karel, path, true), 200),
		[]string{"What the vendor sent", "&#34;text&#34;: true"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, path, true), 200),
		[]string{"Identifier"},
		[]string{"What the vendor sent", "&#34;text&#34;"},
	)
	if w := r.Get(r.Jana, path, false); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "?at=") {
		t.Errorf("without script: got %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestMessage_UncertainIsForAPersonToDecide(t *testing.T) {
	r := webtest.NewTalk(t)
	r.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	})
	id := r.NewID()
	webtest.WantStatus(t, r.PostForm(r.Jana, r.ChatPath(r.Channel)+"/reply", url.Values{"id": {id.String()}, "text": {"?"}}, true), 200)
	r.Settle()
	path := "/messages/" + id.String()
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, r.ChatPath(r.Channel), false), 200),
		[]string{`data-state="uncertain"`, "Send again", "It arrived: mark as sent"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, path+"/mark-sent", nil, true), 200),
		[]string{`data-state="sent"`},
		[]string{"mark as sent"},
	)
}

func TestMessage_Reaction(t *testing.T) {
	r := webtest.NewTalk(t)
	path := "/messages/" + r.With(r.Channel, webtest.Novak).LastInboundID.String() + "/react"
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, path, url.Values{"emoji": {"👍"}}, true), 200),
		[]string{"data-ours", "👍"},
		nil,
	)
	webtest.Contains(t, webtest.WantStatus(t, r.PostForm(r.Jana, path, url.Values{"emoji": {""}}, true), 200), nil, []string{"data-ours"})
}

func TestTemplates(t *testing.T) {
	r := webtest.NewTalk(t)
	if err := r.Channels.SyncTemplates(t.Context(), r.Eva, r.Channel.ID); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Clock.Move(30 * time.Hour)
	chat := r.ChatPath(r.Channel)
	out := webtest.WantStatus(t, r.Get(r.Jana, chat+"/templates", true), 200)
	webtest.Contains(
		t,
		out,
		[]string{"pripominka", "Approved", "Pending approval", "waits for the vendor", "aria-disabled", "Customised template"},
		nil,
	)
	if strings.Index(out, "pripominka") > strings.Index(out, "sleva") {
		t.Error("a template that cannot be sent stands before one that can")
	}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat+"/templates/list?q=sleva", true), 200),
		[]string{"sleva"},
		[]string{"pripominka"},
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, chat+"/templates/form?name=pripominka&language=cs", true), 200),
		[]string{`name="v.body:1"`, `name="v.body:2"`, "<mark>{{1}}</mark>"},
		nil,
	)

	form := url.Values{"id": {r.NewID().String()}, "template": {"pripominka"}, "language": {"cs"}, "v.body:1": {"Jano"}, "v.body:2": {""}}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/templates/preview", form, true), 200),
		[]string{"<b>Jano</b>", "<mark>{{2}}</mark>"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form, true), 422),
		[]string{`id="template-form"`, `value="Jano"`, `id="slot-1-error"`, form.Get("id")},
		[]string{`id="slot-0-error"`},
	)
	form.Set("v.body:2", "pátek")
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/reply", form, true), 200),
		[]string{"Dobrý den Jano, čekáme vás v pátek.", `hx-target="#templates" hx-swap="delete"`},
		nil,
	)
	r.Settle()
	if sent := r.Vendor.Sent(); len(sent) != 1 || sent[0].Template == nil {
		t.Errorf("sent %+v, want one template", sent)
	}
}

func TestStart(t *testing.T) {
	r := webtest.NewTalk(t)
	if err := r.Channels.SyncTemplates(t.Context(), r.Eva, r.Channel.ID); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	channel := r.Channel.ID.String()
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, "/chats/new", false), 200),
		[]string{"<!doctype html>", "New outbound", "shop"},
		[]string{">private"},
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, "/chats/new", true), 200),
		[]string{"<dialog", "data-open"},
		[]string{"<!doctype"},
	)
	find := func(q string) string {
		return webtest.WantStatus(t, r.Get(r.Jana, "/chats/new/contacts?channel="+channel+"&q="+url.QueryEscape(q), true), 200)
	}
	webtest.Contains(t, find("novak"), []string{"Tomáš Novák", "contact="}, nil)
	webtest.Contains(t, find("602 345 678"), []string{"Write to &#43;420 602 345 678", "number=%2b420602345678"}, nil)
	webtest.Contains(t, find("tajny"), []string{"Nobody found"}, []string{"Tajný"})
	webtest.Contains(t, find("12"), nil, []string{"Write to"})
	query := "channel=" + channel + "&number=%2B420602345678"
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, "/chats/new?"+query, true), 200),
		[]string{"pripominka", "number=%2B420602345678"},
		nil,
	)
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, "/chats/new/templates/form?"+query+"&name=pripominka&language=cs", true), 200),
		[]string{`name="v.body:1"`, `name="number" value="&#43;420602345678"`},
		nil,
	)

	form := url.Values{
		"id":       {r.NewID().String()},
		"channel":  {channel},
		"number":   {"+420602345678"},
		"template": {"pripominka"},
		"language": {"cs"},
		"v.body:1": {"Petře"},
	}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.PostForm(r.Jana, "/chats/new", form, true), 422),
		[]string{`id="slot-1-error"`, `value="Petře"`},
		nil,
	)
	form.Set("v.body:2", "pátek")
	w := r.PostForm(r.Jana, "/chats/new", form, true)
	if got := w.Header().Get("HX-Redirect"); !strings.HasPrefix(got, "/chats/") {
		t.Fatalf("got %d, leads to %q: %s", w.Code, got, w.Body)
	}
	webtest.Contains(
		t,
		webtest.WantStatus(t, r.Get(r.Jana, w.Header().Get("HX-Redirect"), false), 200),
		[]string{"Dobrý den Petře, čekáme vás v pátek."},
		nil,
	)
}

func TestPresence_TellsTheOthers(t *testing.T) {
	r := webtest.NewTalk(t)
	chat := r.ChatPath(r.Channel)
	webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/presence", url.Values{"typing": {"1"}}, true), 204)
	webtest.Contains(t, webtest.WantStatus(t, r.Get(r.Karel, chat, false), 200), []string{"Jana Nová is typing…"}, nil)
	webtest.WantStatus(t, r.PostForm(r.Jana, chat+"/presence", url.Values{"gone": {"1"}}, true), 204)
	webtest.Contains(t, webtest.WantStatus(t, r.Get(r.Karel, chat, false), 200), nil, []string{"is typing"})
}
