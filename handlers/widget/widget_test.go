package widget_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"pult/domain"
	"pult/domain/desk/chats"
	"pult/domain/desk/outbound"
	"pult/domain/desk/webchat"
	"pult/domain/store"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

// shopDesk is a desk at work, with a chat on https://shop.example, answered over the public listener.
type shopDesk struct {
	*desktest.Desk
	t      *testing.T
	web    *webtest.Desk
	server *httptest.Server // the public listener, for streams
}

const shopOrigin = "https://shop.example"

func newShopDesk(t *testing.T, settings map[string]string) *shopDesk {
	t.Helper()
	d := desktest.New(t)
	all := map[string]string{"origins": shopOrigin}
	for k, v := range settings {
		all[k] = v
	}
	_, err := d.Channels.Add(t.Context(), d.Eva, domain.Channel{
		Key:      "web",
		Kind:     domain.WebChat,
		Driver:   "webchat",
		Name:     "Chat",
		Enabled:  true,
		Settings: all,
		Secrets:  map[string]domain.Secret{"identity_secret": "shop's secret"},
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &shopDesk{Desk: d, t: t}
	s.server = httptest.NewUnstartedServer(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.web.Server.Public().ServeHTTP(w, r) }),
	)
	options := webtest.PrepareOptions(t, d)
	options.PublicHosts = append(options.PublicHosts, s.server.Listener.Addr().String())
	options.WebhookBodyLimit = 1 << 20
	s.web = webtest.Serve(d, options)
	s.server.Start()
	t.Cleanup(func() {
		d.Hub.Close()
		s.server.Close()
	})
	return s
}

// call asks the public listener as the page in the frame does.
func (s *shopDesk) call(method, path, token string, form url.Values) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.URL.Host, r.URL.Scheme, r.Host, r.RemoteAddr = "", "", webtest.PublicHost, "198.51.100.7:1"
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return s.do(r)
}

func (s *shopDesk) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.web.Server.Public().ServeHTTP(w, r)
	return w
}

func (s *shopDesk) say(token, id, text string) *httptest.ResponseRecorder {
	s.t.Helper()
	w := s.call("POST", "/chat/web/messages?lang=en", token, url.Values{"id": {id}, "text": {text}})
	s.Settle()
	return w
}

var anna, bob = webchat.NewToken([]byte("anna")), webchat.NewToken([]byte("bob"))

func TestWidget_LoaderIsForAnySiteAndSmall(t *testing.T) {
	s := newShopDesk(t, map[string]string{"colour": "#ffe000", "position": "left"})
	w := s.call("GET", "/widget.js?channel=web", "", nil)
	webtest.CheckHeaders(t, "loader", w.Header())
	body := w.Body.String()
	for _, want := range []string{`"key":"web"`, `"colour":"#ffe000"`, `"ink":"#101615"`, `"left":true`, `"https://shop.example"`, `"Otevřít chat"`, `"Ouvrir le chat"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the loader lacks %s", want)
		}
	}
	if got := w.Header().Get("Cross-Origin-Resource-Policy"); got != "cross-origin" {
		t.Errorf("got policy %q: shops could not load it", got)
	}
	again := httptest.NewRequest("GET", "/widget.js?channel=web", nil)
	again.Host = webtest.PublicHost
	again.URL.Host, again.URL.Scheme = "", ""
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	if got := s.do(again); got.Code != http.StatusNotModified || got.Body.Len() != 0 {
		t.Errorf("asked again: got %d with %d bytes, want 304", got.Code, got.Body.Len())
	}
	if got := zipped(t, w.Body.Bytes()); got > 5<<10 {
		t.Errorf("got %d bytes compressed, want at most 5 KB", got)
	}
	if w := s.call("GET", "/widget.js?channel=shop", "", nil); w.Code != http.StatusNotFound {
		t.Errorf("a channel that is no chat: got %d, want 404", w.Code)
	}
}

func zipped(t *testing.T, b []byte) int {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

func TestWidget_OnlyTheShopMayShowThePage(t *testing.T) {
	s := newShopDesk(t, nil)
	w := s.call("GET", "/chat/web?origin="+url.QueryEscape(shopOrigin), "", nil)
	webtest.CheckHeaders(t, "page", w.Header())
	policy := w.Header().Get("Content-Security-Policy")
	if w.Code != http.StatusOK || !strings.HasSuffix(policy, "frame-ancestors https://shop.example") || strings.Contains(policy, "unsafe") {
		t.Errorf("got %d with policy %q", w.Code, policy)
	}
	if w.Header().Get("Set-Cookie") != "" {
		t.Error("a cookie before anything was said")
	}
	if got := zipped(t, w.Body.Bytes()); got > 8<<10 {
		t.Errorf("got %d bytes compressed, want at most 8 KB beside script and style", got)
	}
	for _, origin := range []string{"https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null", "https://shop.example/"} {
		w := s.call("GET", "/chat/web?origin="+url.QueryEscape(origin), "", nil)
		if w.Code != http.StatusForbidden || !strings.HasSuffix(w.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: got %d, want 403 in no frame", origin, w.Code)
		}
	}
	if w := s.call("GET", "/chat/unknown", "", nil); w.Code != http.StatusNotFound {
		t.Errorf("unknown chat: got %d, want 404", w.Code)
	}
}

func TestWidget_SpeaksTheVisitorsLanguage(t *testing.T) {
	s := newShopDesk(t, map[string]string{"greeting_fr": "Salut !"})
	for query, want := range map[string]string{
		"?lang=fr": "Salut !",
		"?lang=cs": "Dobrý den!",
		"?lang=en": "Hello!",
		"?lang=xx": "Hello!",
	} {
		if body := s.call("GET", "/chat/web"+query, "", nil).Body.String(); !strings.Contains(body, want) {
			t.Errorf("%s: the page lacks %q", query, want)
		}
	}
	r := httptest.NewRequest("GET", "/chat/web", nil)
	r.URL.Host, r.URL.Scheme, r.Host = "", "", webtest.PublicHost
	r.Header.Set("Accept-Language", "cs-CZ,cs;q=0.9")
	if body := s.do(r).Body.String(); !strings.Contains(body, `<html lang="cs">`) {
		t.Error("the browser's language is not heard")
	}
}

func TestWidget_OtherSitesCannotWriteForAVisitor(t *testing.T) {
	s := newShopDesk(t, nil)
	for _, path := range []string{"", "/messages", "/files", "/read", "/typing", "/identify"} {
		for name, hostile := range map[string]func(http.Header){
			"cross-site": func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
			"the shop":   func(h http.Header) { h.Set("Origin", shopOrigin) },
		} {
			r := httptest.NewRequest("POST", "/chat/web"+path, strings.NewReader("id=message-1&text=x"))
			r.URL.Host, r.URL.Scheme, r.Host = "", "", webtest.PublicHost
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			hostile(r.Header)
			if w := s.do(r); w.Code != http.StatusForbidden {
				t.Errorf("POST %s from %s: got %d, want 403", path, name, w.Code)
			}
		}
	}
}

func TestWidget_MessageIsTakenAndAnswered(t *testing.T) {
	s := newShopDesk(t, nil)
	if w := s.say(anna, "message-1", "Is it in stock?"); w.Code != http.StatusAccepted {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	s.say(anna, "message-1", "Is it in stock?")
	body := s.call("GET", "/chat/web/messages?lang=en", anna, nil).Body.String()
	for text, want := range map[string]int{
		"Is it in stock?":             1,
		"Hello! How can we help you?": 1,
		"We are connecting you":       1,
		`data-said="message-1"`:       1,
	} {
		if got := strings.Count(body, text); got != want {
			t.Errorf("%q stands there %d times, want %d", text, got, want)
		}
	}
	if other := s.call("GET", "/chat/web/messages?lang=en", bob, nil).Body.String(); strings.Contains(other, "stock") {
		t.Error("somebody else reads it")
	}
	if none := s.call("GET", "/chat/web/messages?lang=en", "", nil).Body.String(); strings.Contains(none, "stock") {
		t.Error("a stranger reads it")
	}
	for _, path := range []string{"/live", "/messages/00000000000000000000000001/files/0"} {
		if w := s.call("GET", "/chat/web"+path, bob, nil); w.Code != http.StatusNotFound {
			t.Errorf("%s of somebody who never wrote: got %d, want 404", path, w.Code)
		}
	}
}

func TestWidget_RefusalsTellThePage(t *testing.T) {
	s := newShopDesk(t, map[string]string{"details": "both"})
	w := s.call("POST", "/chat/web/messages?lang=fr", anna, url.Values{"id": {"message-1"}, "text": {"x"}, "email": {"josé@example.org"}})
	var told struct{ Faults map[string]string }
	if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil || w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	if !strings.Contains(told.Faults["email"], "jose@example.org") || told.Faults["name"] == "" {
		t.Errorf("got %q, want a hint for the address and a fault at the name", told.Faults)
	}
	var last *httptest.ResponseRecorder
	for i := range 40 {
		last = s.call("POST", "/chat/web/messages", anna, url.Values{
			"id":    {"message-" + strconv.Itoa(i)},
			"text":  {"x"},
			"name":  {"A"},
			"email": {"a@example.org"},
		})
	}
	if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" {
		t.Errorf("a flood: got %d, Retry-After %q", last.Code, last.Header().Get("Retry-After"))
	}
}

func TestWidget_IdentityByTheShopAsksNothing(t *testing.T) {
	s := newShopDesk(t, map[string]string{"details": "both"})
	who := domain.SignedVisitor{User: "42", Name: "Žofie", Email: "zofie@example.org", Expires: s.Clock.Now().Add(time.Hour).Unix()}
	form := url.Values{
		"user":      {who.User},
		"name":      {who.Name},
		"email":     {who.Email},
		"expires":   {strconv.FormatInt(who.Expires, 10)},
		"signature": {who.Sign("shop's secret")},
	}
	if w := s.call("POST", "/chat/web/identify", anna, form); w.Code != http.StatusNoContent {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	if body := s.call("GET", "/chat/web/messages", anna, nil).Body.String(); strings.Contains(body, "data-ask-") {
		t.Error("somebody the shop knows is asked who they are")
	}
	form.Set("user", "1")
	if w := s.call("POST", "/chat/web/identify", bob, form); w.Code != http.StatusForbidden {
		t.Errorf("forged: got %d, want 403", w.Code)
	}
}

// plain is a browser without script.
type plain struct {
	s      *shopDesk
	cookie *http.Cookie
}

func (p *plain) get(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	return p.do(r)
}

func (p *plain) do(r *http.Request) *httptest.ResponseRecorder {
	r.URL.Host, r.URL.Scheme, r.Host, r.RemoteAddr = "", "", webtest.PublicHost, "198.51.100.7:1"
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if p.cookie != nil {
		r.AddCookie(p.cookie)
	}
	w := p.s.do(r)
	for _, c := range w.Result().Cookies() {
		p.cookie = c
	}
	p.s.Settle()
	return w
}

var formID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// send fills the form in as it was drawn.
func (p *plain) send(fields map[string]string, file string) *httptest.ResponseRecorder {
	p.s.t.Helper()
	page := p.get("/chat/web?lang=en").Body.String()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	_ = form.WriteField("id", formID.FindStringSubmatch(page)[1])
	for name, value := range fields {
		_ = form.WriteField(name, value)
	}
	if file != "" {
		part, _ := form.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="files"; filename="bike.txt"`},
			"Content-Type":        {"text/plain"},
		})
		_, _ = part.Write([]byte(file))
	}
	_ = form.Close()
	r := httptest.NewRequest("POST", "/chat/web?lang=en", &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	return p.do(r)
}

func TestWidget_WorksWithoutScript(t *testing.T) {
	s := newShopDesk(t, map[string]string{"details": "email"})
	p := &plain{s: s}
	w := p.send(map[string]string{"text": "Is it blue?", "email": "josé@example.org"}, "")
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "jose@example.org") ||
		!strings.Contains(body, "Is it blue?") {
		t.Fatalf("got %d, want the form again with a hint and the text:\n%s", w.Code, body)
	}
	if w := p.send(map[string]string{"text": "Is it blue?", "email": "jose@example.org"}, "the bike"); w.Code != http.StatusSeeOther {
		t.Fatalf("got %d %s, want a redirect", w.Code, w.Body)
	}
	if c := p.cookie; c == nil || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/chat/web" {
		t.Errorf("got cookie %+v", c)
	}
	page := p.get("/chat/web?lang=en").Body.String()
	if !strings.Contains(page, "Is it blue?") || strings.Contains(page, `id="email"`) {
		t.Error("the page lacks the message, or asks again")
	}
	link := regexp.MustCompile(`href="(/chat/web/messages/[^"]+)"`).FindStringSubmatch(page)
	if link == nil {
		t.Fatal("no link to the file")
	}
	file := p.get(link[1])
	if file.Body.String() != "the bike" || !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") ||
		!strings.Contains(file.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("got %q with %v", file.Body, file.Header())
	}
	if stranger := (&plain{s: s}).get(link[1]); stranger.Code != http.StatusNotFound {
		t.Errorf("a stranger asks for the file: got %d, want 404", stranger.Code)
	}
	s.answer(t, "Yes, it is")
	if page := p.get("/chat/web?lang=en").Body.String(); !strings.Contains(page, "Yes, it is") || !strings.Contains(page, "Jana Nová") {
		t.Error("the answer is not there after a reload")
	}
}

// answer lets Jana answer in the only conversation of the chat.
func (s *shopDesk) answer(t *testing.T, text string) {
	t.Helper()
	s.Clock.Move(time.Second)
	page, err := s.Chats.List(t.Context(), s.Jana, chats.Query{})
	if err != nil || len(page.Rows) != 1 {
		t.Fatalf("got %d conversations, %v; want 1", len(page.Rows), err)
	}
	if _, err := s.Outbound.Reply(t.Context(), s.Jana, outbound.Reply{
		ID:             s.NewID(),
		ConversationID: page.Rows[0].ID,
		Text:           text,
	}); err != nil {
		t.Fatal(err)
	}
	s.Settle()
}

func TestWidget_FilesOfAFormAreLimited(t *testing.T) {
	s := newShopDesk(t, nil)
	p := &plain{s: s}
	w := p.send(map[string]string{"text": "Look"}, "<html><script>alert(1)</script>")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "does not take files of this type") {
		t.Errorf("a page: got %d", w.Code)
	}
	if w := p.send(map[string]string{"text": "Look"}, strings.Repeat("x", 2<<20)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("too large: got %d, want 422", w.Code)
	}
}

func TestWidget_UploadOfOneWhoWentAwayIsNotOurFault(t *testing.T) {
	const head = "--x\r\nContent-Disposition: form-data; name=files; filename=bike.txt\r\nContent-Type: text/plain\r\n\r\n"
	for name, sent := range map[string]string{"in the file": head + "the bi", "before it": "--x\r\nContent-Dispo"} {
		s := newShopDesk(t, nil)
		r := httptest.NewRequest("POST", "/chat/web/files", io.MultiReader(strings.NewReader(sent), iotest.ErrReader(io.ErrUnexpectedEOF)))
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.Header.Set("Authorization", "Bearer "+webchat.NewToken([]byte("1")))
		if w := (&plain{s: s}).do(r); w.Code != http.StatusUnprocessableEntity ||
			!strings.Contains(w.Body.String(), "did not arrive whole") {
			t.Errorf("%s: got %d %s, want 422", name, w.Code, w.Body)
		}
	}
}

func TestWidget_FieldsOfAFormAreLimitedTogether(t *testing.T) {
	s := newShopDesk(t, nil)
	fields := map[string]string{"text": "Look"}
	for i := range 10 {
		fields[fmt.Sprint("more", i)] = strings.Repeat("x", 120<<10)
	}
	if w := (&plain{s: s}).send(fields, ""); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("got %d, want 422", w.Code)
	}
}

// listen reads a visitor's stream event by event.
func (s *shopDesk) listen(token, after string) (next func() string) {
	s.t.Helper()
	ctx, cancel := context.WithCancel(s.t.Context())
	s.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", s.server.URL+"/chat/web/live?lang=en", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Last-Event-ID", after)
	res, err := s.server.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = res.Body.Close() })
	lines := bufio.NewScanner(res.Body)
	return func() string {
		var block []string
		for lines.Scan() {
			if lines.Text() == "" {
				if len(block) > 0 && !strings.HasPrefix(block[0], ":") {
					return strings.Join(block, "\n")
				}
				block = nil
				continue
			}
			block = append(block, lines.Text())
		}
		s.t.Fatal("the stream ended")
		return ""
	}
}

func (s *shopDesk) seq() string {
	s.t.Helper()
	var n uint64
	err := s.Store.View(s.t.Context(), func(tx *store.Tx) (err error) {
		n, err = tx.Seq()
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return strconv.FormatUint(n, 10)
}

func TestWidgetLive_OwnAnswersOnlyAndNothingTwice(t *testing.T) {
	s := newShopDesk(t, nil)
	s.say(anna, "message-1", "Hello")
	next := s.listen(anna, s.seq())
	s.say(bob, "message-2", "Bob is here") // somebody else's, and it comes first
	s.Clock.Move(time.Second)
	page, err := s.Chats.List(t.Context(), s.Jana, chats.Query{Sort: "number"})
	if err != nil || len(page.Rows) != 2 {
		t.Fatal(len(page.Rows), err)
	}
	for _, row := range page.Rows {
		if _, err := s.Outbound.Reply(t.Context(), s.Jana, outbound.Reply{
			ID:             s.NewID(),
			ConversationID: row.ID,
			Text:           "Answer in " + row.ID.String(),
		}); err != nil {
			t.Fatal(err)
		}
	}
	s.Settle()
	own := s.conversationOf(anna)
	if err := s.Chats.SetStatus(t.Context(), s.Jana, own, domain.StatusPending); err != nil {
		t.Fatal(err)
	}
	s.Hub.NoteViewing(own, domain.ID{}, s.Jana.ID, "Jana Nová", false, s.Clock.Now()) // merely looking on is not told
	s.tellTyping(own)
	var all []string
	for {
		block := next()
		all = append(all, block)
		if strings.HasPrefix(block, "event: typing") {
			break
		}
	}
	text := strings.Join(all, "\n")
	if strings.Count(text, "Answer in "+own.String()) != 1 || strings.Count(text, "Answer in ") != 1 || strings.Contains(text, "Bob") {
		t.Errorf("got\n%s\nwant Anna's answer once and nothing of Bob's", text)
	}
	if !strings.HasSuffix(text, "data: Jana Nová") || !strings.Contains(text, "event: seen\ndata: message-1") {
		t.Errorf("got\n%s\nwant that Jana read and types", text)
	}
}

func (s *shopDesk) conversationOf(token string) domain.ID {
	s.t.Helper()
	v, err := s.WebChat.FindVisitor(s.t.Context(), "web", token)
	if err != nil {
		s.t.Fatal(err)
	}
	var id domain.ID
	err = s.Store.View(s.t.Context(), func(tx *store.Tx) error {
		contact, _, err := tx.ContactByIdentity(v.Identity())
		if err != nil {
			return err
		}
		c, _, err := tx.ConversationWith(v.ChannelID, contact.ID)
		id = c.ID
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return id
}

// tellTyping says that Jana types in a conversation, with the channel that the event needs.
func (s *shopDesk) tellTyping(conversation domain.ID) {
	s.t.Helper()
	v, err := s.WebChat.FindVisitor(s.t.Context(), "web", anna)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Hub.NoteViewing(conversation, v.ChannelID, s.Jana.ID, "Jana Nová", true, s.Clock.Now())
}

func TestWidgetLive_GoesOnWhereThePageWas(t *testing.T) {
	s := newShopDesk(t, nil)
	s.say(anna, "message-1", "Hello")
	at := s.seq()
	s.answer(t, "While you were away")
	if block := s.listen(anna, at)(); !strings.Contains(block, "id: ") || !strings.Contains(block, "While you were away") {
		t.Errorf("got %q, want what was missed with its number", block)
	}
	if block := s.listen(anna, "999999999")(); block != "event: reload\ndata: " {
		t.Errorf("a number of another life: got %q, want reload", block)
	}
}

func TestWidgetLive_StreamsOfOneVisitorAreLimited(t *testing.T) {
	s := newShopDesk(t, nil)
	s.say(anna, "message-1", "Hello")
	for range 6 {
		s.listen(anna, "0")() // each has begun once it says something
	}
	if w := s.call("GET", "/chat/web/live", anna, nil); w.Code != http.StatusTooManyRequests {
		t.Errorf("got %d, want 429", w.Code)
	}
}

func TestInk_CanBeReadOnEveryColour(t *testing.T) {
	s := newShopDesk(t, nil)
	if w := s.call("GET", "/chat/web/colours.css", "", nil); !strings.Contains(w.Body.String(), "--brand-ink: #ffffff") ||
		w.Header().Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("got %s", w.Body)
	}
}
