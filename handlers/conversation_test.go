package handlers

import (
	"bytes"
	"context"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/carrier"
	"pult/internal/desktest"
	"pult/views"
)

// room is a small real desk behind the handlers of a conversation and all that is done in it.
type room struct {
	*desktest.Desk
	e    *echo.Echo
	page *pages
}

func newRoom(t *testing.T) *room {
	t.Helper()
	d := desktest.New(t)
	v, err := views.New(views.Options{Location: time.UTC, Now: d.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	page := &pages{views: v, desk: d.Desk, auth: authOf(t, d), log: slog.New(slog.DiscardHandler), now: d.Clock.Now}
	e := echo.New()
	e.HTTPErrorHandler = page.fail
	ids, now := &domain.IDs{}, d.Clock.Now
	request := &requests{desk: d.Desk, page: page, zone: time.UTC, now: now}
	conversation := &conversations{desk: d.Desk, requests: request, hub: d.Hub, page: page, zone: time.UTC, now: now, ids: ids}
	for _, r := range []router{
		conversation, request, &composer{desk: d.Desk, conversations: conversation, page: page, zone: time.UTC, now: now},
		&messages{desk: d.Desk, page: page, zone: time.UTC, now: now}, &templates{desk: d.Desk, page: page, zone: time.UTC, now: now, ids: ids},
		&contacts{desk: d.Desk, page: page, zone: time.UTC, now: now, ids: ids}, &files{desk: d.Desk},
	} {
		r.routes(e.Group("", func(next echo.HandlerFunc) echo.HandlerFunc {
			return func(c echo.Context) error {
				c.Set(keyOperator, c.Request().Context().Value(keyOperatorOfTest{}))
				return next(c)
			}
		}))
	}
	return &room{Desk: d, e: e, page: page}
}

// ask sends a request as an operator; with fragment it is htmx that asks.
func (r *room) ask(o *domain.Operator, request *http.Request, fragment bool) *httptest.ResponseRecorder {
	r.T.Helper()
	now, err := r.Operator(r.T.Context(), r.Eva, o.ID)
	if err != nil {
		r.T.Fatal(err)
	}
	request = request.WithContext(context.WithValue(request.Context(), keyOperatorOfTest{}, &now))
	if fragment {
		request.Header.Set("HX-Request", "true")
		request.Header.Set("HX-Request-Type", "partial")
	}
	w := httptest.NewRecorder()
	r.e.ServeHTTP(w, request)
	return w
}

func (r *room) get(o *domain.Operator, target string, fragment bool) *httptest.ResponseRecorder {
	return r.ask(o, httptest.NewRequest(http.MethodGet, target, nil), fragment)
}

func (r *room) post(o *domain.Operator, target string, form url.Values, fragment bool) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, target, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.ask(o, request, fragment)
}

// upload sends a file in the first part, and fields after it.
func (r *room) upload(o *domain.Operator, target, name, mime, content string, fields url.Values) *httptest.ResponseRecorder {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="file"; filename="` + name + `"`}, "Content-Type": {mime}})
	if err != nil {
		r.T.Fatal(err)
	}
	_, _ = part.Write([]byte(content)) // a bytes.Buffer does not fail
	for key := range fields {
		_ = w.WriteField(key, fields.Get(key))
	}
	_ = w.Close()
	request := httptest.NewRequest(http.MethodPost, target, &body)
	request.Header.Set("Content-Type", w.FormDataContentType())
	return r.ask(o, request, true)
}

func (r *room) chat(c domain.Channel) string { return "/chats/" + r.With(c, novak).ID.String() }

// talk is a desk on which Novák wrote to both channels.
func talk(t *testing.T) *room {
	r := newRoom(t)
	r.Say(r.Channel, novak, "Dobrý den,\nkde je objednávka? https://example.com")
	r.Say(r.Private, novak, "Toto je tajné")
	return r
}

func status(t *testing.T, w *httptest.ResponseRecorder, want int) string {
	t.Helper()
	if w.Code != want {
		t.Fatalf("got status %d, want %d: %.400s", w.Code, want, w.Body.String())
	}
	return w.Body.String()
}

func TestConversation_Page(t *testing.T) {
	r := talk(t)
	out := status(t, r.get(r.Jana, r.chat(r.Channel), false), http.StatusOK)
	contains(t, out, []string{
		"<!doctype html>", "Tomáš Novák", "&#43;420 777 000 111", `role="log"`, "Dobrý den,\nkde je objednávka?", `href="https://example.com"`,
		"Unread from here", "No reply needed", `id="request-form"`, `name="text"`, "page=conversation", "Window closes in",
	}, []string{"Toto je tajné", `data-can-reply=""`})
	if got := r.With(r.Channel, novak).Unread; got != 0 {
		t.Errorf("unread after opening: got %d, want 0", got)
	}
}

// A page fetched only in case it is wanted has been read by nobody.
func TestConversation_FetchedAheadStaysUnread(t *testing.T) {
	r := talk(t)
	request := httptest.NewRequest(http.MethodGet, r.chat(r.Channel), nil)
	request.Header.Set("Sec-Purpose", "prefetch")
	status(t, r.ask(r.Jana, request, false), http.StatusOK)
	if got := r.With(r.Channel, novak).Unread; got != 1 {
		t.Errorf("unread: got %d, want 1", got)
	}
}

// Every address about another team's conversation answers as if there were no such thing.
func TestConversation_AnotherTeamsIsNotFound(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Private)
	message := "/messages/" + r.With(r.Private, novak).LastInboundID.String()
	contact := "/contacts/" + r.Say(r.Private, hidden, "Tajné").ContactID.String()
	id := url.Values{"id": {r.NewID().String()}, "text": {"x"}}
	for name, c := range map[string]struct {
		method, target string
		form           url.Values
	}{
		"page": {"GET", chat, nil}, "older": {"GET", chat + "/messages", nil}, "requests": {"GET", chat + "/requests", nil},
		"side": {"GET", chat + "/side", nil}, "templates": {"GET", chat + "/templates", nil}, "template form": {"GET", chat + "/templates/form?name=pripominka&language=cs", nil},
		"preview": {"POST", chat + "/templates/preview", nil}, "open": {"POST", chat + "/open", nil}, "unread": {"POST", chat + "/unread", nil},
		"status": {"POST", chat + "/status", url.Values{"status": {"resolved"}}}, "assign": {"POST", chat + "/assign", url.Values{"operator": {"me"}}},
		"no reply": {"POST", chat + "/no-reply", nil}, "presence": {"POST", chat + "/presence", nil}, "reply": {"POST", chat + "/reply", id},
		"draft": {"POST", chat + "/draft", nil}, "new request": {"POST", chat + "/requests", url.Values{"title": {"x"}, "priority": {"normal"}, "status": {"new"}}},
		"details": {"GET", message, nil}, "filing": {"GET", message + "/requests", nil}, "retry": {"POST", message + "/retry", nil},
		"mark sent": {"POST", message + "/mark-sent", nil}, "react": {"POST", message + "/react", url.Values{"emoji": {"👍"}}},
		"fetch": {"POST", message + "/fetch", url.Values{"index": {"0"}}}, "contact": {"GET", contact, nil}, "quoted": {"GET", r.chat(r.Channel) + "/side?new=" + r.With(r.Private, novak).LastInboundID.String(), nil},
		"nonsense": {"GET", "/chats/nonsense", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := r.get(r.Jana, c.target, true)
			if c.method == "POST" {
				w = r.post(r.Jana, c.target, c.form, true)
			}
			contains(t, status(t, w, http.StatusNotFound), nil, []string{"tajné"})
		})
	}
	if got := r.With(r.Private, novak); got.Status != domain.StatusNew || got.Unread == 0 || !got.Assignee.IsZero() {
		t.Errorf("another team's conversation was changed: %+v", got)
	}
}

func TestConversation_StatusAndAssignee(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
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
			w := r.post(r.Jana, chat+c.path, url.Values{c.field: {c.value}}, true)
			if w.Code != c.code && !(c.code == 422 && w.Code == 404) {
				t.Fatalf("got %d, want %d: %s", w.Code, c.code, w.Body)
			}
			contains(t, w.Body.String(), []string{c.has}, nil)
		})
	}
	if w := r.post(r.Jana, chat+"/status", url.Values{"status": {"resolved"}}, false); w.Code != http.StatusSeeOther {
		t.Errorf("without script: got %d, want 303", w.Code)
	}
}

func TestConversation_NoReplyNeeded(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
	out := status(t, r.post(r.Jana, chat+"/no-reply", url.Values{"on": {"1"}}, true), http.StatusOK)
	contains(t, out, []string{`id="after-last"`, `value="1" checked`, `id="conversation-head"`}, []string{"waited since"})
	if c := r.With(r.Channel, novak); c.IsWaiting() {
		t.Error("the beacon is still lit")
	}
	contains(t, status(t, r.post(r.Jana, chat+"/no-reply", nil, true), http.StatusOK), nil, []string{`value="1" checked`})
}

func TestConversation_OpensAroundAMessageAndPages(t *testing.T) {
	r := newRoom(t)
	for i := range pageSize + 20 {
		r.Clock.Move(time.Minute)
		r.Say(r.Channel, novak, "zpráva "+string(rune('A'+i%26))+strings.Repeat("i", i))
	}
	first := r.Thread(r.With(r.Channel, novak).ID)[0]
	out := status(t, r.get(r.Jana, r.chat(r.Channel)+"?at="+first.ID.String(), false), http.StatusOK)
	contains(t, out, []string{`id="m-` + first.ID.String(), `data-at="` + first.ID.String(), `id="later"`}, []string{`id="earlier"`})
	out = status(t, r.get(r.Jana, r.chat(r.Channel), false), http.StatusOK)
	_, link, ok := strings.Cut(out, `id="earlier"`)
	_, link, _ = strings.Cut(link, `hx-get="`)
	link, _, _ = strings.Cut(link, `"`)
	if !ok || !strings.Contains(link, "/messages?before=") {
		t.Fatalf("no way to older messages: %q", link)
	}
	contains(t, status(t, r.get(r.Jana, strings.ReplaceAll(link, "&amp;", "&"), true), http.StatusOK), []string{`id="m-` + first.ID.String()}, []string{"<!doctype", `id="earlier"`})
}

func TestReply(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
	id := r.NewID().String()
	form := url.Values{"id": {id}, "text": {"Dobrý den,\r\nje na cestě."}, "reply_to": {r.With(r.Channel, novak).LastInboundID.String()}}
	for range 2 { // a form that arrives twice is sent once
		out := status(t, r.post(r.Jana, chat+"/reply", form, true), http.StatusOK)
		contains(t, out, []string{`hx-swap="thread"`, `id="m-` + id, "Dobrý den,\nje na cestě.", "Jana Nová", "msg-quote"}, nil)
		r.Settle()
		if got := len(r.Vendor.Sent()); got != 1 {
			t.Fatalf("sent %d messages, want 1", got)
		}
	}
	if w := r.post(r.Jana, chat+"/reply", url.Values{"id": {r.NewID().String()}, "text": {"ještě"}}, false); w.Code != http.StatusSeeOther {
		t.Errorf("without script: got %d, want 303", w.Code)
	}
}

func TestReply_Refusals(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
	form := func(text string) url.Values { return url.Values{"id": {r.NewID().String()}, "text": {text}} }
	contains(t, status(t, r.post(r.Jana, chat+"/reply", form("  "), true), 422), []string{"composer-error", "The message is empty."}, nil)
	contains(t, status(t, r.post(r.Jana, chat+"/reply", form(strings.Repeat("ž", 5000)), true), 422), []string{"composer-error"}, nil)
	contains(t, status(t, r.post(r.Jana, chat+"/reply", url.Values{"text": {"x"}}, true), 422), nil, []string{"composer-error"})
	r.Clock.Move(25 * time.Hour)
	contains(t, status(t, r.post(r.Jana, chat+"/reply", form("pozdě"), true), 422), []string{"composer-error", "choose a template"}, nil)
	out := status(t, r.post(r.Jana, chat+"/reply", form("pozdě"), false), 422)
	contains(t, out, []string{"<!doctype html>", "pozdě</textarea>", "choose a template", `data-state="closed"`}, nil)
	if got := len(r.Vendor.Sent()); got != 0 {
		t.Errorf("sent %d messages, want 0", got)
	}
}

func TestDraft_ComesBackToItsOperatorOnly(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
	quoted := r.With(r.Channel, novak).LastInboundID.String()
	status(t, r.post(r.Jana, chat+"/draft", url.Values{"text": {"rozepsáno"}, "reply_to": {quoted}}, true), http.StatusNoContent)
	contains(t, status(t, r.get(r.Jana, chat, false), 200), []string{"rozepsáno</textarea>", "Draft saved", `name="reply_to" value="` + quoted}, nil)
	contains(t, status(t, r.get(r.Karel, chat, false), 200), nil, []string{"rozepsáno"})
}

func TestMessage_DetailsOfThoseWhoMaySeeThem(t *testing.T) {
	r := talk(t)
	path := "/messages/" + r.With(r.Channel, novak).LastInboundID.String()
	contains(t, status(t, r.get(r.Karel, path, true), 200), []string{"What the vendor sent", "&#34;text&#34;: true"}, nil)
	contains(t, status(t, r.get(r.Jana, path, true), 200), []string{"Identifier"}, []string{"What the vendor sent", "&#34;text&#34;"})
	if w := r.get(r.Jana, path, false); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "?at=") {
		t.Errorf("without script: got %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestMessage_UncertainIsForAPersonToDecide(t *testing.T) {
	r := talk(t)
	r.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Uncertain, Key: "provider.uncertain"}
	})
	id := r.NewID()
	status(t, r.post(r.Jana, r.chat(r.Channel)+"/reply", url.Values{"id": {id.String()}, "text": {"?"}}, true), 200)
	r.Settle()
	path := "/messages/" + id.String()
	contains(t, status(t, r.get(r.Jana, r.chat(r.Channel), false), 200), []string{`data-state="uncertain"`, "Send again", "It arrived: mark as sent"}, nil)
	contains(t, status(t, r.post(r.Jana, path+"/mark-sent", nil, true), 200), []string{`data-state="sent"`}, []string{"mark as sent"})
}

func TestMessage_Reaction(t *testing.T) {
	r := talk(t)
	path := "/messages/" + r.With(r.Channel, novak).LastInboundID.String() + "/react"
	contains(t, status(t, r.post(r.Jana, path, url.Values{"emoji": {"👍"}}, true), 200), []string{"data-ours", "👍"}, nil)
	contains(t, status(t, r.post(r.Jana, path, url.Values{"emoji": {""}}, true), 200), nil, []string{"data-ours"})
}

func TestRequests(t *testing.T) {
	r := talk(t)
	chat, message := r.chat(r.Channel), r.With(r.Channel, novak).LastInboundID.String()
	contains(t, status(t, r.get(r.Jana, chat+"/side", true), 200), []string{"New request", "Dobrý den,\nkde je objednávka? https://example.com</textarea>", `value="Tomáš Novák"`, "Taken from the customer"}, nil)

	bad := url.Values{"title": {" "}, "description": {"A b"}, "status": {"new"}, "priority": {"high"}, "due": {"soon"}, "message": {message}}
	contains(t, status(t, r.post(r.Jana, chat+"/requests", bad, true), 422), []string{`id="request-form"`, "2026-11-23", "A b</textarea>", `aria-invalid="true"`}, nil)
	bad.Set("due", "")
	contains(t, status(t, r.post(r.Jana, chat+"/requests", bad, true), 422), []string{`href="#request-title"`, `id="request-title-error"`}, nil)

	form := url.Values{"title": {"Ztracená objednávka"}, "description": {"kde je\r\nobjednávka?"}, "status": {"new"}, "priority": {"urgent"}, "due": {"2026-11-19"}, "tags": {"objednávka, VIP, vip"}, "message": {message}, "company": {"Dvůr"}}
	w := r.post(r.Jana, chat+"/requests", form, true)
	contains(t, status(t, w, 200), []string{"was created", "Ztracená objednávka", `aria-current="true"`, `data-state="late"`, `id="m-` + message, "kde je\nobjednávka?</textarea>", "objednávka, VIP"}, []string{"VIP, vip"})
	address := w.Header().Get("HX-Replace-Url")
	contains(t, status(t, r.get(r.Jana, address, false), 200), []string{"data-request-selected", "Add to the selected request", `value="Ztracená objednávka"`}, nil)
	contains(t, status(t, r.get(r.Jana, chat, false), 200), []string{"data-file-last hidden"}, []string{"data-request-selected"})

	_, request, _ := strings.Cut(address, "request=")
	form.Set("title", "Nalezená objednávka")
	contains(t, status(t, r.post(r.Jana, chat+"/requests/"+request, form, true), 200), []string{"was saved", "Nalezená"}, nil)
	contains(t, status(t, r.get(r.Jana, chat+"/requests?q=nalezena&selected="+request, true), 200), []string{"Nalezená", "aria-current"}, nil)
	contains(t, status(t, r.get(r.Jana, chat+"/requests?status=closed", true), 200), []string{"No request matches"}, []string{"Nalezená"})
	contains(t, status(t, r.get(r.Jana, "/messages/"+message+"/requests", true), 200), []string{"Nalezená", "checked"}, nil)
	contains(t, status(t, r.post(r.Jana, "/messages/"+message+"/requests", url.Values{"request": {request}}, true), 200), nil, []string{"P-1"})
	if w := r.post(r.Jana, chat+"/requests", form, false); w.Code != http.StatusSeeOther || !strings.Contains(w.Header().Get("Location"), "?request=") {
		t.Errorf("without script: got %d %s", w.Code, w.Header().Get("Location"))
	}
	contains(t, status(t, r.get(r.Jana, "/suggest/companies?company=dv", true), 200), []string{`value="Dvůr"`}, nil)
	contains(t, status(t, r.get(r.Jana, "/suggest/tags?tags=x,%20vi", true), 200), []string{`value="VIP"`}, nil)
}

func TestRequests_TemplateFillsTheForm(t *testing.T) {
	r := talk(t)
	if err := r.AddRequestTemplate(t.Context(), r.Eva, domain.RequestTemplate{Name: "Reklamace", Title: "Reklamace zboží", Description: "Číslo faktury:", Priority: domain.High, Tags: []string{"reklamace"}}); err != nil {
		t.Fatal(err)
	}
	list, err := r.RequestTemplates(t.Context(), r.Jana)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"template": {list[0].ID.String()}, "description": {"kde je?"}, "tags": {"vip"}, "status": {"new"}, "priority": {"normal"}}
	out := status(t, r.post(r.Jana, r.chat(r.Channel)+"/requests/form", form, true), 200)
	contains(t, out, []string{`value="Reklamace zboží"`, "Číslo faktury:\n\nkde je?</textarea>", "vip, reklamace", `value="high" selected`}, nil)
}

func TestTemplates(t *testing.T) {
	r := talk(t)
	if err := r.SyncTemplates(t.Context(), r.Eva, r.Channel.ID); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	r.Clock.Move(30 * time.Hour)
	chat := r.chat(r.Channel)
	out := status(t, r.get(r.Jana, chat+"/templates", true), 200)
	contains(t, out, []string{"pripominka", "Approved", "Pending approval", "waits for the vendor", "aria-disabled", "Customised template"}, nil)
	if strings.Index(out, "pripominka") > strings.Index(out, "sleva") {
		t.Error("a template that cannot be sent stands before one that can")
	}
	contains(t, status(t, r.get(r.Jana, chat+"/templates/list?q=sleva", true), 200), []string{"sleva"}, []string{"pripominka"})
	contains(t, status(t, r.get(r.Jana, chat+"/templates/form?name=pripominka&language=cs", true), 200), []string{`name="v.body:1"`, `name="v.body:2"`, "<mark>{{1}}</mark>"}, nil)

	form := url.Values{"id": {r.NewID().String()}, "template": {"pripominka"}, "language": {"cs"}, "v.body:1": {"Jano"}, "v.body:2": {""}}
	contains(t, status(t, r.post(r.Jana, chat+"/templates/preview", form, true), 200), []string{"<b>Jano</b>", "<mark>{{2}}</mark>"}, nil)
	contains(t, status(t, r.post(r.Jana, chat+"/reply", form, true), 422), []string{`id="template-form"`, `value="Jano"`, `id="slot-1-error"`, form.Get("id")}, []string{`id="slot-0-error"`})
	form.Set("v.body:2", "pátek")
	contains(t, status(t, r.post(r.Jana, chat+"/reply", form, true), 200), []string{"Dobrý den Jano, čekáme vás v pátek.", `hx-target="#templates" hx-swap="delete"`}, nil)
	r.Settle()
	if sent := r.Vendor.Sent(); len(sent) != 1 || sent[0].Template == nil {
		t.Errorf("sent %+v, want one template", sent)
	}
}

func TestStart(t *testing.T) {
	r := talk(t)
	if err := r.SyncTemplates(t.Context(), r.Eva, r.Channel.ID); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	channel := r.Channel.ID.String()
	contains(t, status(t, r.get(r.Jana, "/chats/new", false), 200), []string{"<!doctype html>", "New outbound", "shop"}, []string{">private"})
	contains(t, status(t, r.get(r.Jana, "/chats/new", true), 200), []string{"<dialog", "data-open"}, []string{"<!doctype"})
	find := func(q string) string {
		return status(t, r.get(r.Jana, "/chats/new/contacts?channel="+channel+"&q="+url.QueryEscape(q), true), 200)
	}
	contains(t, find("novak"), []string{"Tomáš Novák", "contact="}, nil)
	contains(t, find("602 345 678"), []string{"Write to &#43;420 602 345 678", "number=%2b420602345678"}, nil)
	contains(t, find("tajny"), []string{"Nobody found"}, []string{"Tajný"})
	contains(t, find("12"), nil, []string{"Write to"})
	query := "channel=" + channel + "&number=%2B420602345678"
	contains(t, status(t, r.get(r.Jana, "/chats/new?"+query, true), 200), []string{"pripominka", "number=%2B420602345678"}, nil)
	contains(t, status(t, r.get(r.Jana, "/chats/new/templates/form?"+query+"&name=pripominka&language=cs", true), 200), []string{`name="v.body:1"`, `name="number" value="&#43;420602345678"`}, nil)

	form := url.Values{"id": {r.NewID().String()}, "channel": {channel}, "number": {"+420602345678"}, "template": {"pripominka"}, "language": {"cs"}, "v.body:1": {"Petře"}}
	contains(t, status(t, r.post(r.Jana, "/chats/new", form, true), 422), []string{`id="slot-1-error"`, `value="Petře"`}, nil)
	form.Set("v.body:2", "pátek")
	w := r.post(r.Jana, "/chats/new", form, true)
	if got := w.Header().Get("HX-Redirect"); !strings.HasPrefix(got, "/chats/") {
		t.Fatalf("got %d, leads to %q: %s", w.Code, got, w.Body)
	}
	contains(t, status(t, r.get(r.Jana, w.Header().Get("HX-Redirect"), false), 200), []string{"Dobrý den Petře, čekáme vás v pátek."}, nil)
}

func TestPresence_TellsTheOthers(t *testing.T) {
	r := talk(t)
	chat := r.chat(r.Channel)
	status(t, r.post(r.Jana, chat+"/presence", url.Values{"typing": {"1"}}, true), 204)
	contains(t, status(t, r.get(r.Karel, chat, false), 200), []string{"Jana Nová is typing…"}, nil)
	status(t, r.post(r.Jana, chat+"/presence", url.Values{"gone": {"1"}}, true), 204)
	contains(t, status(t, r.get(r.Karel, chat, false), 200), nil, []string{"is typing"})
}

// The stream draws what an event changes with the same fragments as the page.
func TestLive_Conversation(t *testing.T) {
	r := talk(t)
	b := newBundles(r.Desk.Desk, r.Hub, r.page.views, time.UTC, r.Clock.Now)
	c := r.With(r.Channel, novak)
	reading := &reading{who: r.Jana, lang: "en", page: pageConversation, conversation: c.ID}
	for name, e := range map[string]struct {
		event domain.Event
		has   []string
	}{
		"added":   {domain.Event{Seq: 1, Kind: domain.EventMessageAdded, ConversationID: c.ID, MessageID: c.LastInboundID}, []string{`hx-swap="thread"`, `id="day-2026-11-20"`, `id="m-` + c.LastInboundID.String(), `id="after-last"`}},
		"changed": {domain.Event{Seq: 2, Kind: domain.EventMessageChanged, ConversationID: c.ID, MessageID: c.LastInboundID}, []string{`hx-target="#m-`, `hx-swap="outerMorph"`}},
		"head":    {domain.Event{Seq: 3, Kind: domain.EventConversationChanged, ConversationID: c.ID}, []string{`id="conversation-head"`, `id="window"`}},
		"request": {domain.Event{Seq: 4, Kind: domain.EventRequestChanged, ConversationID: c.ID}, []string{`data-seq="4"`}},
		"viewers": {domain.Event{Kind: domain.EventPresence, ConversationID: c.ID}, []string{`id="viewers"`}},
		"gone":    {domain.Event{Seq: 5, Kind: domain.EventMessageAdded, ConversationID: c.ID, MessageID: r.NewID()}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := b.event(t.Context(), reading, e.event, &out); err != nil {
				t.Fatal(err)
			}
			contains(t, out.String(), e.has, nil)
			if e.has == nil && out.Len() > 0 {
				t.Errorf("got %s, want nothing", out.String())
			}
		})
	}
	var out bytes.Buffer
	other := domain.Event{Seq: 9, Kind: domain.EventMessageAdded, ConversationID: r.With(r.Private, novak).ID, MessageID: r.With(r.Private, novak).LastInboundID}
	if err := b.event(t.Context(), reading, other, &out); err != nil || out.Len() > 0 {
		t.Errorf("another conversation: got %q, %v", out.String(), err)
	}
}
