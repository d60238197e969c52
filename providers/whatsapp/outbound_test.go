package whatsapp_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// newDriverAgainst makes a driver whose vendor is the handler.
func newDriverAgainst(t *testing.T, h http.HandlerFunc) carrier.Driver {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return newDriver(t, config(s.URL))
}

func newText() carrier.Outgoing {
	return carrier.Outgoing{ID: domain.ID{1}, To: phone, Kind: domain.KindText, Text: "Dobrý den"}
}

func asError(t *testing.T, err error) *carrier.Error {
	t.Helper()
	var e *carrier.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a *carrier.Error", err)
	}
	return e
}

func TestSend_WireForm(t *testing.T) {
	var got map[string]any
	var auth, path string
	d := newDriverAgainst(t, func(w http.ResponseWriter, r *http.Request) {
		auth, path = r.Header.Get("Authorization"), r.URL.Path
		_ = json.NewDecoder(r.Body).Decode(&got)
		fmt.Fprint(w, `{"contacts":[{"input":"+420601234567","wa_id":"420601234568","user_id":"CZ.1"}],"messages":[{"id":"wamid.X"}]}`)
	})
	m := newText()
	m.ReplyTo = "wamid.Q"
	r, err := d.Send(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"biz_opaque_callback_data":%q,"context":{"message_id":"wamid.Q"},"messaging_product":"whatsapp",`+
		`"recipient_type":"individual","text":{"body":"Dobrý den","preview_url":false},"to":"+420601234567","type":"text"}`, m.ID)
	if raw, _ := json.Marshal(got); string(raw) != want {
		t.Errorf("got\n%s, want\n%s", raw, want)
	}
	if auth != "Bearer "+accessToken || path != "/v25.0/"+numberID+"/messages" {
		t.Errorf("got %q to %s", auth, path)
	}
	if r.VendorID != "wamid.X" || len(r.Aliases) != 2 || r.Aliases[0].Value != "+420601234568" || r.Aliases[1].Scope != businessID {
		t.Errorf("got %+v", r)
	}
}

func TestSend_UserID_AsRecipient(t *testing.T) {
	var got map[string]any
	d := newDriverAgainst(t, func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewDecoder(r.Body).Decode(&got)
		fmt.Fprint(w, `{"messages":[{"id":"wamid.X"}]}`)
	})
	m := newText()
	m.To = user
	if _, err := d.Send(context.Background(), m); err != nil || got["recipient"] != user.Value || got["to"] != nil {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestSend_Answers_Classified(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		body   string
		header string
		want   carrier.Class
		key    string
		wait   time.Duration
	}{
		{"window", 400, `{"error":{"code":131047,"message":"x","error_data":{"details":"y"}}}`, "", carrier.WindowClosed, "provider.whatsapp.131047", 0},
		{"details as text", 400, `{"error":{"code":131009,"error_data":"y"}}`, "", carrier.InvalidValue, "provider.whatsapp.131009", 0},
		{"token", 401, `{"error":{"code":190}}`, "", carrier.Unauthorised, "provider.whatsapp.190", 0},
		{"permission range", 403, `{"error":{"code":210}}`, "", carrier.Unauthorised, "provider.unauthorised", 0},
		{"unknown code", 400, `{"error":{"code":999999}}`, "", carrier.Permanent, "provider.permanent", 0},
		{"unknown code that passes", 500, `{"error":{"code":999999,"is_transient":true}}`, "", carrier.Temporary, "provider.temporary", 0},
		{"pair rate", 400, `{"error":{"code":131056}}`, "", carrier.RateLimited, "provider.whatsapp.131056", 6 * time.Second},
		{"429 seconds", 429, `{}`, "17", carrier.RateLimited, "provider.rate_limited", 17 * time.Second},
		{"5xx with words", 500, `{"error":{"code":131016}}`, "", carrier.Temporary, "provider.temporary", 0},
		{"5xx without words", 502, `<html>Bad Gateway</html>`, "", carrier.Uncertain, "provider.uncertain", 0},
		{"redirect", 302, ``, "", carrier.Permanent, "provider.permanent", 0},
		{"success without id", 200, `{}`, "", carrier.Uncertain, "provider.uncertain", 0},
		{"success cut short", 200, `{"messages":[{"id":`, "", carrier.Uncertain, "provider.uncertain", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDriverAgainst(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", c.header)
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			})
			_, err := d.Send(context.Background(), newText())
			if e := asError(t, err); e.Class != c.want || e.Key != c.key || e.RetryAfter != c.wait {
				t.Errorf("got %s %s %s, want %s %s %s", e.Class, e.Key, e.RetryAfter, c.want, c.key, c.wait)
			}
		})
	}
}

func TestSend_VendorRepeatsToken_Hidden(t *testing.T) {
	d := newDriverAgainst(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(401)
		fmt.Fprintf(w, `{"error":{"code":190,"message":"Malformed access token %s"}}`, accessToken)
	})
	_, err := d.Send(context.Background(), newText())
	if e := asError(t, err); strings.Contains(e.Error(), accessToken) || !strings.Contains(e.Detail, "Malformed") {
		t.Errorf("got %v", strings.ReplaceAll(e.Error(), accessToken, "[the token]"))
	}
}

func TestUpload_WithoutWords_Temporary(t *testing.T) {
	d := newDriverAgainst(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) })
	m := newText()
	m.Kind, m.Text = domain.KindImage, ""
	m.Media = &carrier.OutgoingMedia{Name: "a.png", MIME: "image/png", Size: 1, Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("x")), nil
	}}
	_, err := d.Send(context.Background(), m)
	if e := asError(t, err); e.Class != carrier.Temporary {
		t.Errorf("got %s, want temporary: nothing was sent yet", e.Class)
	}
}

func TestSend_AudioWithText_Refused(t *testing.T) {
	d := newDriverAgainst(t, func(http.ResponseWriter, *http.Request) { t.Error("the vendor was asked") })
	m := newText()
	m.Kind, m.Media = domain.KindVoice, &carrier.OutgoingMedia{VendorID: "1", MIME: "audio/ogg"}
	_, err := d.Send(context.Background(), m)
	if e := asError(t, err); e.Key != "provider.caption" {
		t.Errorf("got %s, want provider.caption", e.Key)
	}
}

// A redirect to another host must not carry the token along, and still be followed.
func TestFetch_RedirectElsewhere_WithoutToken(t *testing.T) {
	var leaked string
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaked = r.Header.Get("Authorization")
		fmt.Fprint(w, "bytes")
	}))
	t.Cleanup(elsewhere.Close)
	var s *httptest.Server
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/77") {
			fmt.Fprintf(w, `{"url":"%s/file","mime_type":"image/jpeg","file_size":"5"}`, s.URL)
			return
		}
		http.Redirect(w, r, elsewhere.URL, http.StatusFound)
	}))
	t.Cleanup(s.Close)
	cfg := config(s.URL)
	cfg.HTTPClient = elsewhere.Client()
	got, err := newDriver(t, cfg).Fetch(context.Background(), "77")
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	if raw, _ := io.ReadAll(got.Body); string(raw) != "bytes" || leaked != "" {
		t.Errorf("got %q, token sent: %v", raw, leaked != "")
	}
}

func TestFetch_PlainHTTPElsewhere_Refused(t *testing.T) {
	d := newDriverAgainst(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"url":"http://127.0.0.1:1/x?secret=1"}`) })
	_, err := d.(carrier.MediaFetcher).Fetch(context.Background(), "77")
	if e := asError(t, err); strings.Contains(e.Error(), "secret=1") {
		t.Errorf("the address is told: %v", e)
	}
}

func TestTest_NumberOfAnotherAccount_Told(t *testing.T) {
	d := newDriverAgainst(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"id":"112233445566778","data":[{"id":"5"}]}`)
	})
	_, err := d.(carrier.Tester).Test(context.Background())
	if e := asError(t, err); e.Key != "provider.whatsapp.wrong_account" {
		t.Errorf("got %s", e.Key)
	}
}

func TestTemplates_StaleCursor_BeginsAgain(t *testing.T) {
	calls := 0
	d := newDriverAgainst(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		if calls == 2 {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":{"code":131059}}`)
			return
		}
		next := ""
		if r.URL.Query().Get("after") == "" {
			next = "https://elsewhere.example/"
		}
		fmt.Fprintf(
			w,
			`{"data":[{"id":%d,"name":"a","language":"en-US","status":"IN_APPEAL"}],"paging":{"cursors":{"after":"c"},"next":%q}}`,
			calls,
			next,
		)
	})
	list, err := d.(carrier.TemplateLister).Templates(context.Background())
	if err != nil || len(list) != 2 || list[0].Language != "en_US" || list[0].Status != domain.TemplatePending {
		t.Errorf("got %+v, %v", list, err)
	}
}
