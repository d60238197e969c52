package phone_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/i18n"
	"pult/providers/simulator"
	"pult/providers/simulator/phone"
	"pult/providers/simulator/world"
)

var now = time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC)

const number = "100"

// bench is a page with its simulator, and a desk that only keeps the webhooks it got.
type bench struct {
	t        *testing.T
	sim      *simulator.Simulator
	page     *phone.Page
	jana     world.Customer
	webhooks chan string
}

func newBench(t *testing.T) *bench {
	b := &bench{t: t, webhooks: make(chan string, 20)}
	desk := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		b.webhooks <- string(body)
	}))
	t.Cleanup(desk.Close)
	b.sim = simulator.New(simulator.Options{Clock: world.NewManualClock(now), Numbers: []world.Number{
		{
			ID: number, Account: "200", Phone: "+420601000111", Name: "Shop", AppSecret: "secret",
			AccessToken: "token", Hook: desk.URL,
		},
		{ID: "101", Account: "200", Phone: "+33601000222", Name: "Boutique", AppSecret: "secret", Hook: desk.URL},
		{
			ID: "sms", Vendor: simulator.TwilioSMS, Account: "AC1", Phone: "+420602000333", Name: "Shop",
			AppSecret: "secret", Hook: desk.URL,
		},
		{ID: "lab", Vendor: simulator.EngageLab, Account: "201", Phone: "+420603000444", Name: "Shop", Hook: desk.URL},
	}})
	t.Cleanup(b.sim.Stop)
	b.page = phone.New(phone.Options{World: b.sim.World, Location: time.UTC, Now: func() time.Time { return now }})
	t.Cleanup(b.page.Close)
	b.jana = b.customer("Jana Nová", "+420602333444")
	return b
}

func (b *bench) customer(name, number string) world.Customer {
	b.t.Helper()
	c, err := b.sim.World.CreateCustomer(name, number, number == "")
	if err != nil {
		b.t.Fatal(err)
	}
	return c
}

func (b *bench) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.page.ServeHTTP(w, r)
	return w
}

func (b *bench) get(path string) string {
	b.t.Helper()
	w := b.do(httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		b.t.Fatalf("GET %s: got %d %s, want 200", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// post sends a form as htmx does; pairs are names and values.
func (b *bench) post(path string, pairs ...string) *httptest.ResponseRecorder {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("HX-Request", "true")
	return b.do(r)
}

func (b *bench) here(part string) string { return "/simulator/" + number + "/" + b.jana.ID + part }

func (b *bench) thread() []world.Message { return b.sim.World.Thread(number, b.jana.ID) }

// nextWebhook is the next webhook the desk got, its escapes undone.
func (b *bench) nextWebhook() string {
	b.t.Helper()
	var v any
	if err := json.Unmarshal([]byte(<-b.webhooks), &v); err != nil {
		b.t.Fatal(err)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		b.t.Fatal(err)
	}
	return out.String()
}

func requireAll(t *testing.T, what, got string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(got, part) {
			t.Errorf("%s: got %s\nwant it to hold %s", what, got, part)
		}
	}
}

func TestSay_ReachesTheDesk(t *testing.T) {
	b := newBench(t)
	w := b.post(b.here("/say"), "text", "  Máte šálky? ")
	if w.Code != http.StatusOK {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	requireAll(t, "webhook", b.nextWebhook(), `"body":"Máte šálky?"`, `"wa_id":"420602333444"`)
	requireAll(t, "answer", w.Body.String(), `id="compose"`, "Máte šálky?", `data-state="delivered"`)
}

func TestSay_QuotesEditsAndDeletes(t *testing.T) {
	b := newBench(t)
	b.post(b.here("/say"), "text", "first")
	id := b.thread()[0].ID
	b.nextWebhook()
	requireAll(t, "compose", b.get(b.here("/compose?reply="+url.QueryEscape(id))), "first", `name="reply" value="`+id+`"`)
	b.post(b.here("/say"), "text", "second", "reply", id)
	requireAll(t, "quoting webhook", b.nextWebhook(), `"context"`, `"id":"`+id+`"`)
	b.post(b.here("/say"), "text", "better", "edit", id)
	requireAll(t, "editing webhook", b.nextWebhook(), `"type":"edit"`, "better")
	b.post(b.here("/delete"), "message", id)
	requireAll(t, "deleting webhook", b.nextWebhook(), `"type":"revoke"`)
	if first := b.thread()[0]; first.Text != "better" || first.Edits != 1 || !first.Deleted {
		t.Errorf("got %+v, want it edited and deleted", first)
	}
}

func TestSay_WithoutScriptGoesBackToThePage(t *testing.T) {
	b := newBench(t)
	r := httptest.NewRequest(http.MethodPost, b.here("/say?lang=cs"), strings.NewReader("text=hi"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if w := b.do(r); w.Code != http.StatusSeeOther || w.Header().Get("Location") != b.here("?lang=cs") {
		t.Errorf("got %d to %s, want 303 to the telephone", w.Code, w.Header().Get("Location"))
	}
}

func TestAttach_EveryKind(t *testing.T) {
	b := newBench(t)
	for kind, part := range map[string]string{
		"photo": `"mime_type":"image/jpeg"`, "voice": `"voice":true`, "document": `"filename"`,
		"location": `"latitude"`, "contact": `"formatted_name"`,
		"sticker": `"mime_type":"image/webp"`,
	} {
		if w := b.post(b.here("/attach"), "kind", kind); w.Code != http.StatusOK {
			t.Errorf("%s: got %d %s", kind, w.Code, w.Body)
		}
		requireAll(t, kind, b.nextWebhook(), part)
	}
	requireAll(t, "page", b.get(b.here("")), "<audio", "<img", "Staroměstské náměstí", "Jeanne Martin", ".pdf")
}

func TestAttach_OwnFile(t *testing.T) {
	b := newBench(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "evil.html")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte("<script>alert(1)</script>"))
	form.Close()
	r := httptest.NewRequest(http.MethodPost, b.here("/attach"), &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	b.do(r)
	requireAll(t, "webhook", b.nextWebhook(), `"filename":"evil.html"`)
	w := b.do(httptest.NewRequest(http.MethodGet, b.here("/files/"+url.PathEscape(b.thread()[0].ID)), nil))
	if w.Header().Get("Content-Type") != "application/octet-stream" ||
		!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("got headers %v, want a download", w.Header())
	}
}

func TestReactAndChoose_ReachTheDesk(t *testing.T) {
	b := newBench(t)
	err := b.sim.World.Import(world.Past{Messages: []world.Message{{
		ID:       "wamid.1",
		Number:   number,
		Customer: b.jana.ID,
		Kind:     domain.KindTemplate,
		Text:     "Coming?",
		Buttons:  []string{"Yes", "No"},
		At:       now.Add(-time.Hour),
		State:    domain.StateDelivered,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	requireAll(t, "page", b.get(b.here("")), "Coming?", `value="Yes"`)
	b.post(b.here("/react"), "message", "wamid.1", "emoji", "👍")
	requireAll(t, "reaction", b.nextWebhook(), `"emoji":"👍"`, `"message_id":"wamid.1"`)
	b.post(b.here("/choose"), "message", "wamid.1", "choice", "Yes")
	requireAll(t, "choice", b.nextWebhook(), `"title":"Yes"`, `"id":"wamid.1"`)
	if got := b.thread()[0].ByCustomer; got != "👍" {
		t.Errorf("got reaction %q on the message", got)
	}
}

func TestPage_ShowsReadingAndTyping(t *testing.T) {
	b := newBench(t)
	b.post(b.here("/say"), "text", "hello?")
	body := `{"messaging_product":"whatsapp","status":"read","message_id":"` + b.thread()[0].ID + `","typing_indicator":{"type":"text"}}`
	r := httptest.NewRequest(http.MethodPost, "/v25.0/"+number+"/messages", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer token")
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	b.sim.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("the vendor answered %d %s", w.Code, w.Body)
	}
	requireAll(t, "page", b.get(b.here("?lang=en")), "typing…", `data-state="read"`)
}

// A server that stops must not wait for telephones that lie open.
func TestLive_EndsWhenTheServerStops(t *testing.T) {
	b := newBench(t)
	server := httptest.NewServer(b.page)
	defer server.Close()
	res, err := http.Get(server.URL + "/simulator/live")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	stopped := make(chan error)
	go func() { stopped <- server.Config.Shutdown(t.Context()) }()
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream was cut: %v", err)
	}
	if err := <-stopped; err != nil {
		t.Errorf("shutdown: %v", err)
	}
}

func TestEcho_IsTold(t *testing.T) {
	b := newBench(t)
	b.post(b.here("/echo"), "text", "from the shop's phone")
	requireAll(t, "webhook", b.nextWebhook(), "message_echoes", "from the shop's phone")
}

func TestSwitches_SetFaults(t *testing.T) {
	b := newBench(t)
	if w := b.post("/simulator/"+number+"/faults", "receipts", "1", "delay", "1", "hidden", "1", "window", "1"); w.Code != http.StatusNoContent {
		t.Fatalf("got %d", w.Code)
	}
	if f := b.sim.World.Faults(number); f.Delay == 0 || !f.HidePhone || !f.WindowClosed || f.RateLimited {
		t.Errorf("got %+v", f)
	}
	if f := b.sim.World.Faults("101"); f != (world.Faults{}) {
		t.Errorf("the other number got %+v", f)
	}
	b.post(
		"/simulator/"+number+"/faults",
		"rate",
		"1",
		"down",
		"1",
		"cut_before",
		"1",
		"cut_after",
		"1",
		"token",
		"1",
		"window_late",
		"1",
		"unreachable",
		"1",
		"duplicate",
		"1",
		"reorder",
		"1",
		"silent",
		"1",
		"early",
		"1",
		"media_gone",
		"1",
		"media_slow",
		"1",
	)
	got := b.sim.World.Faults(number)
	want := world.Faults{
		RateLimited:     true,
		RetryAfter:      got.RetryAfter,
		ServerError:     true,
		CutBefore:       true,
		CutAfter:        true,
		TokenExpired:    true,
		WindowByStatus:  true,
		FailCode:        131026,
		Duplicate:       true,
		ReorderStatuses: true,
		NoStatuses:      true,
		StatusFirst:     true,
		ExpiredMedia:    true,
		SlowMedia:       got.SlowMedia,
	}
	if got != want || got.RetryAfter == 0 || got.SlowMedia == 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestCreate_OpensTheTelephone(t *testing.T) {
	b := newBench(t)
	w := b.post("/simulator/"+number+"/customers", "name", "Luc Fabre", "phone", "+33 6 12 34 56 78")
	all := b.sim.World.Customers()
	last := all[len(all)-1]
	if w.Code != http.StatusSeeOther || last.Phone != "+33612345678" || w.Header().Get("Location") != "/simulator/"+number+"/"+last.ID {
		t.Errorf("got %d %s, %+v", w.Code, w.Header().Get("Location"), last)
	}
	b.post("/simulator/"+number+"/customers", "name", "Hidden Person", "hidden", "1")
	requireAll(t, "list", b.get("/simulator?q=hidden"), "@hidden.person")
	if w := b.post("/simulator/"+number+"/customers", "name", "Nobody", "phone", "12"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a wrong number: got %d, want 422", w.Code)
	}
}

func TestPage_FindsCustomers(t *testing.T) {
	b := newBench(t)
	b.customer("Petr Malý", "+420602999888")
	got := b.get("/simulator/" + number + "?q=mal%C3%BD")
	if !strings.Contains(got, "Petr Malý") || strings.Contains(got, "Jana Nová") {
		t.Errorf("the list does not hold Petr alone")
	}
}

func TestPage_HostileTextsAreEscaped(t *testing.T) {
	b := newBench(t)
	evil := `"><script>alert(1)</script><img src=x onerror=alert(2)>`
	b.jana = b.customer(evil, "+420602111222")
	b.post(b.here("/say"), "text", evil)
	id := b.thread()[0].ID
	for _, path := range []string{"/simulator", b.here(""), b.here("/compose?reply=" + url.QueryEscape(id)), b.here("/compose?edit=" + url.QueryEscape(id)), "/simulator?q=" + url.QueryEscape(evil)} {
		if got := b.get(path); strings.Contains(got, "<script>alert") || strings.Contains(got, "<img src=x") {
			t.Errorf("%s holds the text as markup", path)
		}
	}
}

func TestPage_SpeaksThreeLanguages(t *testing.T) {
	b := newBench(t)
	b.post(b.here("/say"), "text", "hello")
	for _, lang := range i18n.Languages {
		got := b.get(b.here("?lang=" + lang))
		requireAll(t, lang, got, `<html lang="`+lang+`"`, b.here("/say?lang="+lang))
		if strings.Contains(got, "⟦") {
			t.Errorf("%s: a message is missing: %s", lang, got[strings.Index(got, "⟦"):][:60])
		}
	}
	r := httptest.NewRequest(http.MethodGet, "/simulator", nil)
	r.Header.Set("Accept-Language", "fr-CH, en;q=0.5")
	requireAll(t, "by header", b.do(r).Body.String(), `<html lang="fr"`)
}

func TestPage_UnknownPeopleAreNotFound(t *testing.T) {
	b := newBench(t)
	for _, path := range []string{"/simulator/999", "/simulator/" + number + "/nobody", b.here("/files/none")} {
		if w := b.do(httptest.NewRequest(http.MethodGet, path, nil)); w.Code != http.StatusNotFound {
			t.Errorf("%s: got %d, want 404", path, w.Code)
		}
	}
}

// The stream tells every change, and a telephone that is looked at shows it, and reads it unless receipts are off.
func TestLive_ShowsAndReads(t *testing.T) {
	b := newBench(t)
	past := func(id, text string) {
		t.Helper()
		if err := b.sim.World.Import(world.Past{Messages: []world.Message{{
			ID:       id,
			Number:   number,
			Customer: b.jana.ID,
			Kind:     domain.KindText,
			Text:     text,
			At:       now,
			State:    domain.StateDelivered,
		}}}); err != nil {
			t.Fatal(err)
		}
	}
	b.post("/simulator/"+number+"/faults", "delay", "")
	server := httptest.NewServer(b.page)
	defer server.Close()
	defer b.page.Close()
	res, err := http.Get(server.URL + "/simulator/live")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	hear := func() {
		t.Helper()
		for lines.Scan() {
			if lines.Text() == "event: moved" {
				return
			}
		}
		t.Fatal("the stream ended without news")
	}
	hear() // at once, for what happened between the page and its stream
	past("wamid.1", "unread words")
	hear()
	requireAll(t, "news", b.get(b.here("/news")), "unread words", "phone-head")
	if m, _ := b.sim.World.Message("wamid.1"); m.State != domain.StateDelivered {
		t.Errorf("without receipts: got %s, want delivered", m.State)
	}
	b.post("/simulator/"+number+"/faults", "receipts", "1")
	past("wamid.2", "read words")
	hear()
	if m, _ := b.sim.World.Message("wamid.2"); m.State != domain.StateDelivered {
		t.Errorf("while nobody looks at the telephone: got %s, want delivered", m.State)
	}
	requireAll(t, "news", b.get(b.here("/news")), "read words")
	if m, _ := b.sim.World.Message("wamid.2"); m.State != domain.StateRead {
		t.Errorf("with receipts: got %s, want read", m.State)
	}
	b.page.Close()
	for lines.Scan() {
	}
	if err := lines.Err(); err != nil {
		t.Errorf("closing the page cut the stream: %v", err)
	}
}

func TestNews_AreNotRepeatedToAPageThatHasThem(t *testing.T) {
	b := newBench(t)
	b.post(b.here("/say"), "text", "hello?")
	first := b.do(httptest.NewRequest(http.MethodGet, b.here("/news"), nil))
	have := first.Header().Get("Pult-Have")
	requireAll(t, "news", first.Body.String(), "hello?")
	again := b.do(httptest.NewRequest(http.MethodGet, b.here("/news")+"?have="+have, nil))
	if again.Body.Len() > 0 || again.Header().Get("Pult-Have") != have {
		t.Errorf("got %q, want nothing twice", again.Body)
	}
	b.post(b.here("/say"), "text", "anybody?")
	changed := b.do(httptest.NewRequest(http.MethodGet, b.here("/news")+"?have="+have, nil))
	requireAll(t, "news", changed.Body.String(), "anybody?")
}
