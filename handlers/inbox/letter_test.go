package inbox_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/internal/webtest"
)

// mailRoom is a desk with a mailbox that Petr handles.
type mailRoom struct {
	*webtest.Desk
	mail domain.Channel
}

func newMailRoom(t *testing.T) *mailRoom {
	t.Helper()
	d := webtest.New(t)
	return &mailRoom{Desk: d, mail: d.Mailbox(d.Petr.ID)}
}

func (r *mailRoom) get(o *domain.Operator, path string) *httptest.ResponseRecorder {
	r.T.Helper()
	return r.Get(o, path, false)
}

func (r *mailRoom) post(o *domain.Operator, path string, form url.Values) *httptest.ResponseRecorder {
	r.T.Helper()
	return r.PostForm(o, path, form, true)
}

// letter is a letter with HTML that came in.
func (r *mailRoom) letter(html string) domain.Message {
	r.T.Helper()
	in := r.MailFrom(r.mail, "Jana Malá", "jana@customer.example", "Re: Order 7", "Where is it?")
	in.HTML, in.Source = html, true
	in.Mail.ReplyTo, in.Mail.Unverified, in.Mail.Pictures, in.Mail.Quoted = domain.MailAddress{
		Address: "other@elsewhere.example",
	}, true, true, "older words"
	return r.Thread(r.Receive(r.mail, in).ID)[0]
}

func TestLetter_PolicyLetsNothingRunOrLoad(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter(`<p>Hello <img src="https://track.example/a.png"><script>alert(1)</script></p>`)
	path := "/messages/" + m.ID.String() + "/letter"
	for query, img := range map[string]string{
		"":              "img-src data:;",
		"?pictures=0":   "img-src data:;",
		"?pictures=1":   "img-src data: https:;",
		"?pictures=yes": "img-src data:;",
	} {
		w := r.get(r.Petr, path+query)
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
		if w.Code != http.StatusOK || w.Header().Get("X-Content-Type-Options") != "nosniff" ||
			w.Header().Get("Referrer-Policy") != "no-referrer" ||
			w.Header().Get("Cache-Control") != "no-store" {
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
		if w := r.get(r.Jana, path); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: one of another team got %d", path, w.Code)
		}
		if w := r.get(r.Petr, path); w.Code != http.StatusOK {
			t.Errorf("%s: one who handles it got %d", path, w.Code)
		}
	}
	if w := r.get(r.Jana, "/chats/new?channel="+r.mail.ID.String()+"&address=a@b.example"); strings.Contains(
		w.Body.String(),
		"letter-form",
	) {
		t.Error("one of another team may begin a letter")
	}
	if w := r.get(r.Petr, "/files/"+m.Mail.HTML.String()); w.Header().Get("Content-Type") != "application/octet-stream" ||
		!strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the HTML as it came is shown in place: %v", w.Header())
	}
}

func TestConversation_OfLettersSaysWhatMatters(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter("<p>Where is it?</p>")
	page := r.get(r.Petr, "/chats/"+m.ConversationID.String()).Body.String()
	for _, want := range []string{
		`sandbox="allow-popups allow-popups-to-escape-sandbox"`, "Sender not verified", "other@elsewhere.example", "older words", "Another domain",
		`name="cc"`, `data-enter="line"`, "/files/" + m.Mail.Source.String() + "?download", `<div class="pane-subject" title="Order 7">`, "pictures=1",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not hold %s", want)
		}
	}
	if table := r.get(r.Petr, "/chats").Body.String(); !strings.Contains(
		table,
		`<span class="table-subject"><bdi hx-ignore>Order 7</bdi>`,
	) {
		t.Error("the table does not say what the letters are about")
	}
	side := r.get(r.Petr, "/chats/"+m.ConversationID.String()+"?new="+m.ID.String()).Body.String()
	if !strings.Contains(side, `value="Order 7"`) {
		t.Error("a request made from the letter is not called by its subject")
	}
}

func TestReply_OfALetter(t *testing.T) {
	r := newMailRoom(t)
	m := r.letter("<p>Where is it?</p>")
	chat := "/chats/" + m.ConversationID.String()
	w := r.post(r.Petr, chat+"/reply", url.Values{"id": {r.NewID().String()}, "text": {"Soon"}, "cc": {"nobody"}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "“nobody” is not an e-mail address") {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
	w = r.post(r.Petr, chat+"/draft", url.Values{"text": {"So"}, "cc": {"half an addr"}})
	if page := r.get(r.Petr, chat).Body.String(); w.Code != http.StatusNoContent ||
		!strings.Contains(page, `name="cc" value="half an addr"`) {
		t.Errorf("got %d, and the copies of the draft are lost", w.Code)
	}
	w = r.post(r.Petr, "/profile", url.Values{"name": {"Petr Svoboda"}, "language": {"en"}, "signature": {" Petr\r\nThe shop \r\n"}})
	if w.Code >= http.StatusBadRequest {
		t.Fatalf("profile: got %d", w.Code)
	}
	w = r.post(r.Petr, chat+"/reply", url.Values{"id": {r.NewID().String()}, "text": {"Soon"}, "cc": {"boss@customer.example"}})
	if w.Code != http.StatusOK {
		t.Fatalf("got %d: %s", w.Code, w.Body)
	}
	r.Settle()
	sent := r.Mail.Sent()
	if len(sent) != 1 || sent[0].Mail.Signature != "Petr\nThe shop" || len(sent[0].Mail.Cc) != 1 ||
		sent[0].To.Value != "other@elsewhere.example" {
		t.Errorf("got %+v", sent)
	}
}

func TestStart_Letter(t *testing.T) {
	r := newMailRoom(t)
	r.letter("<p>x</p>")
	channel := r.mail.ID.String()
	found := r.get(r.Petr, "/chats/new/contacts?channel="+channel+"&q=jana").Body.String()
	if !strings.Contains(found, "jana@customer.example") {
		t.Errorf("the contact is not offered with the address: %s", found)
	}
	for q, offered := range map[string]bool{"a@b.example": true, "a@b": false, "jana@customer.example": false} {
		page := r.get(r.Petr, "/chats/new/contacts?channel="+channel+"&q="+url.QueryEscape(q)).Body.String()
		if strings.Contains(page, "address=") != offered {
			t.Errorf("%s: offered to be written to %v, want %v", q, !offered, offered)
		}
	}
	form := url.Values{
		"id":      {r.NewID().String()},
		"channel": {channel},
		"contact": {""},
		"address": {"a@b.example"},
		"subject": {""},
		"cc":      {"ž@b.example"},
		"text":    {"Kept <b>"},
	}
	w := r.post(r.Petr, "/chats/new", form)
	if body := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(body, "error-subject") ||
		!strings.Contains(body, "error-cc") ||
		!strings.Contains(body, "Kept &lt;b&gt;") {
		t.Errorf("got %d: %s", w.Code, body)
	}
	form.Set("subject", "Hello")
	form.Set("cc", "")
	if w = r.post(r.Petr, "/chats/new", form); !strings.HasPrefix(w.Header().Get("HX-Redirect"), "/chats/") {
		t.Errorf("got %d: %s", w.Code, w.Body)
	}
}
