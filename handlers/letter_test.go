package handlers_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/store"
	"pult/handlers"
	"pult/internal/desktest"
	"pult/views"
)

// mailRoom is a desk with a mailbox that Petr handles, behind the handlers, with Jana and Petr signed in.
type mailRoom struct {
	*server
	d    *desktest.Desk
	mail domain.Channel
}

func newMailRoom(t *testing.T) *mailRoom {
	t.Helper()
	d := desktest.New(t)
	v, err := views.New(views.Options{Location: time.UTC, Now: d.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	a := auth.New(d.Store, auth.Options{Now: d.Clock.Now, Idle: 12 * time.Hour, Absolute: 24 * time.Hour})
	s := &server{t: t, auth: a, store: d.Store, cookies: map[string]*http.Cookie{}, people: map[string]*domain.Operator{}}
	s.handler = handlers.New(handlers.Options{
		Desk: d.Desk, Auth: a, Hub: d.Hub, Views: v, DeskHosts: []string{deskHost}, PublicHosts: []string{publicHost},
		WebhookBodyLimit: 4 << 20, AttachmentLimit: 1 << 20, Clock: d.Clock.Now, Location: time.UTC, Logger: slog.New(slog.DiscardHandler),
	})
	err = d.Store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutWorkspace(&domain.Workspace{Company: "Shop", Language: domain.English, SetUpAt: tx.Now, InstallID: "0123456789abcdef"})
	})
	if err != nil {
		t.Fatal(err)
	}
	r := &mailRoom{server: s, d: d, mail: d.Mailbox(d.Petr.ID)}
	r.admit("jana", d.Jana)
	r.admit("petr", d.Petr)
	return r
}

func (r *mailRoom) admit(name string, o *domain.Operator) {
	r.t.Helper()
	hash, err := auth.Hash(password)
	if err != nil {
		r.t.Fatal(err)
	}
	err = r.store.Update(r.t.Context(), func(tx *store.Tx) error {
		kept, err := tx.Operator(o.ID)
		if err != nil {
			return err
		}
		kept.PasswordHash, kept.Language = hash, domain.English
		return tx.PutOperator(&kept)
	})
	if err != nil {
		r.t.Fatal(err)
	}
	token, signed, err := r.auth.SignIn(r.t.Context(), o.Email, password, "192.0.2.200", "test")
	if err != nil {
		r.t.Fatal(err)
	}
	r.remember(name, token, signed)
}

func (r *mailRoom) get(who, path string) *httptest.ResponseRecorder {
	return r.do(r.request(who, http.MethodGet, path, nil))
}

func (r *mailRoom) post(who, path string, form url.Values) *httptest.ResponseRecorder {
	req := r.request(who, http.MethodPost, path, form)
	req.Header.Set("HX-Request", "true")
	req.Header.Set("HX-Request-Type", "partial")
	return r.do(req)
}

// letter is a letter with HTML that came in.
func (r *mailRoom) letter(html string) domain.Message {
	r.t.Helper()
	in := r.d.MailFrom(r.mail, "Jana Malá", "jana@customer.example", "Re: Order 7", "Where is it?")
	in.HTML, in.Source = html, true
	in.Mail.ReplyTo, in.Mail.Unverified, in.Mail.Pictures, in.Mail.Quoted = domain.MailAddress{Address: "other@elsewhere.example"}, true, true, "older words"
	return r.d.Thread(r.d.Receive(r.mail, in).ID)[0]
}

func TestLetter_PolicyLetsNothingRunOrLoad(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter(`<p>Hello <img src="https://track.example/a.png"><script>alert(1)</script></p>`)
	path := "/messages/" + m.ID.String() + "/letter"
	for query, img := range map[string]string{"": "img-src data:;", "?pictures=0": "img-src data:;", "?pictures=1": "img-src data: https:;", "?pictures=yes": "img-src data:;"} {
		w := r.get("petr", path+query)
		policy := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"sandbox allow-popups allow-popups-to-escape-sandbox;", "default-src 'none';", "style-src 'unsafe-inline';", img, "form-action 'none';", "frame-ancestors 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: no %q in the policy %q", query, want, policy)
			}
		}
		for _, bad := range []string{"allow-scripts", "allow-same-origin", "allow-top-navigation", "allow-forms", "script-src"} {
			if strings.Contains(policy, bad) {
				t.Errorf("%s: the policy says %s", query, bad)
			}
		}
		if w.Code != http.StatusOK || w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Referrer-Policy") != "no-referrer" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d with %v", query, w.Code, w.Header())
		}
		if shown := strings.Contains(w.Body.String(), "track.example"); shown != (query == "?pictures=1") {
			t.Errorf("%s: pictures from elsewhere shown: %v", query, shown)
		}
		if !strings.Contains(w.Body.String(), "Hello") || strings.Contains(w.Body.String(), "alert") {
			t.Errorf("%s: got %s", query, w.Body)
		}
	}
}

func TestLetter_AnotherTeamsIsNotThere(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter("<p>secret</p>")
	for _, path := range []string{"/messages/" + m.ID.String() + "/letter", "/files/" + m.Mail.Source.String(), "/files/" + m.Mail.HTML.String(), "/chats/" + m.ConversationID.String()} {
		if w := r.get("jana", path); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: one of another team got %d", path, w.Code)
		}
		if w := r.get("petr", path); w.Code != http.StatusOK {
			t.Errorf("%s: one who handles it got %d", path, w.Code)
		}
	}
	if w := r.get("jana", "/chats/new?channel="+r.mail.ID.String()+"&address=a@b.example"); strings.Contains(w.Body.String(), "letter-form") {
		t.Error("one of another team may begin a letter")
	}
	if w := r.get("petr", "/files/"+m.Mail.HTML.String()); w.Header().Get("Content-Type") != "application/octet-stream" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the HTML as it came is shown in place: %v", w.Header())
	}
}

func TestConversation_OfLettersSaysWhatMatters(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter("<p>Where is it?</p>")
	page := r.get("petr", "/chats/"+m.ConversationID.String()).Body.String()
	for _, want := range []string{
		`sandbox="allow-popups allow-popups-to-escape-sandbox"`, "Sender not verified", "other@elsewhere.example", "older words", "Another domain",
		`name="cc"`, `data-enter="line"`, "/files/" + m.Mail.Source.String() + "?download", `<div class="pane-subject" title="Order 7">`, "pictures=1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
	if table := r.get("petr", "/chats").Body.String(); !strings.Contains(table, `<span class="table-subject"><bdi hx-ignore>Order 7</bdi>`) {
		t.Error("the table does not say what the letters are about")
	}
	side := r.get("petr", "/chats/"+m.ConversationID.String()+"?new="+m.ID.String()).Body.String()
	if !strings.Contains(side, `value="Order 7"`) {
		t.Error("a request made from the letter is not called by its subject")
	}
}

func TestReply_OfALetter(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter("<p>Where is it?</p>")
	chat := "/chats/" + m.ConversationID.String()
	w := r.post("petr", chat+"/reply", url.Values{"id": {r.d.NewID().String()}, "text": {"Soon"}, "cc": {"nobody"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "“nobody” is not an e-mail address") {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
	w = r.post("petr", chat+"/draft", url.Values{"text": {"So"}, "cc": {"half an addr"}})
	if page := r.get("petr", chat).Body.String(); w.Code != http.StatusNoContent || !strings.Contains(page, `name="cc" value="half an addr"`) {
		t.Errorf("got %d, and the copies of the draft are lost", w.Code)
	}
	w = r.post("petr", "/profile", url.Values{"name": {"Petr Svoboda"}, "language": {"en"}, "signature": {" Petr\r\nThe shop \r\n"}})
	if w.Code >= http.StatusBadRequest {
		t.Fatalf("profile: got %d", w.Code)
	}
	w = r.post("petr", chat+"/reply", url.Values{"id": {r.d.NewID().String()}, "text": {"Soon"}, "cc": {"boss@customer.example"}})
	if w.Code != http.StatusOK {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	r.d.Settle()
	sent := r.d.Mail.Sent()
	if len(sent) != 1 || sent[0].Mail.Signature != "Petr\nThe shop" || len(sent[0].Mail.Cc) != 1 || sent[0].To.Value != "other@elsewhere.example" {
		t.Errorf("got %+v", sent)
	}
}

func TestStart_Letter(t *testing.T) {
	r := newMailRoom(t)
	r.letter("<p>x</p>")
	channel := r.mail.ID.String()
	found := r.get("petr", "/chats/new/contacts?channel="+channel+"&q=jana").Body.String()
	if !strings.Contains(found, "jana@customer.example") {
		t.Errorf("the contact is not offered with the address: %s", found)
	}
	for q, offered := range map[string]bool{"a@b.example": true, "a@b": false, "jana@customer.example": false} {
		page := r.get("petr", "/chats/new/contacts?channel="+channel+"&q="+url.QueryEscape(q)).Body.String()
		if strings.Contains(page, "address=") != offered {
			t.Errorf("%s: offered to be written to %v, want %v", q, !offered, offered)
		}
	}
	form := url.Values{"id": {r.d.NewID().String()}, "channel": {channel}, "contact": {""}, "address": {"a@b.example"}, "subject": {""}, "cc": {"ž@b.example"}, "text": {"Kept <b>"}}
	w := r.post("petr", "/chats/new", form)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "error-subject") || !strings.Contains(body, "error-cc") || !strings.Contains(body, "Kept &lt;b&gt;") {
		t.Errorf("got %d: %s", w.Code, body)
	}
	form.Set("subject", "Hello")
	form.Set("cc", "")
	if w = r.post("petr", "/chats/new", form); !strings.HasPrefix(w.Header().Get("HX-Redirect"), "/chats/") {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
}

// A page that waits for the vendor's first call asks every few seconds; left open over night it must not keep anybody signed in.
func TestChannels_WaitingDoesNotCountAsUsingTheSession(t *testing.T) {
	for path, want := range map[string]int{"/status": http.StatusSeeOther, "": http.StatusOK} {
		r := newMailRoom(t)
		r.admit("eva", r.d.Eva)
		page := "/settings/channels/" + r.mail.ID.String()
		r.d.Clock.Move(11 * time.Hour)
		if w := r.get("eva", page+path); w.Code >= http.StatusMultipleChoices {
			t.Fatalf("%q before the session is over: got %d", path, w.Code)
		}
		r.d.Clock.Move(2 * time.Hour)
		if w := r.get("eva", page); w.Code != want {
			t.Errorf("thirteen hours after the sign-in, having asked for %q after eleven: got %d, want %d", path, w.Code, want)
		}
	}
}
