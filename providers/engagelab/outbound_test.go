package engagelab_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

var phone = domain.Identity{Kind: domain.PhoneIdentity, Value: "+420601234567"}

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

// newDriverAgainst makes a driver whose vendor is the handler.
func newDriverAgainst(t *testing.T, h http.HandlerFunc) carrier.Driver {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	cfg := config(s.URL)
	cfg.Publish = func(context.Context, carrier.OutgoingMedia) (string, error) {
		return "https://desk.example/m/8d1c.jpg", nil
	}
	return newDriver(t, cfg)
}

// sentBody gives the body of a send as sorted JSON.
func sentBody(t *testing.T, m carrier.Outgoing) (raw string, r *http.Request) {
	t.Helper()
	var got map[string]any
	d := newDriverAgainst(t, func(w http.ResponseWriter, req *http.Request) {
		r = req
		_ = json.NewDecoder(req.Body).Decode(&got)
		fmt.Fprint(w, `{"message_id":"9204417730055218","request_id":"x"}`)
	})
	if receipt, err := d.Send(context.Background(), m); err != nil || receipt.VendorID != "9204417730055218" {
		t.Fatalf("Send: got %+v, %v", receipt, err)
	}
	b, _ := json.Marshal(got)
	return string(b), r
}

func TestSend_WireForm(t *testing.T) {
	m := newText()
	got, r := sentBody(t, m)
	want := fmt.Sprintf(`{"body":{"text":{"body":"Dobrý den","preview_url":false},"type":"text"},"custom_args":{"desk_message":%q},`+
		`"from":"+420910123456","request_id":%q,"to":["+420601234567"]}`, m.ID, m.ID)
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
	if key, secret, _ := r.BasicAuth(); key != devKey || secret != devSecret || r.URL.Path != "/v1/messages" {
		t.Errorf("got %s:%s to %s", key, secret, r.URL.Path)
	}
}

func TestSend_TemplateWireForm(t *testing.T) {
	m := newText()
	m.ID, m.Kind, m.Text = domain.ID{}, domain.KindTemplate, ""
	m.Template = &carrier.OutgoingTemplate{
		Template: domain.MessageTemplate{
			Name: "zasilka_na_ceste", Language: "cs", Status: domain.TemplateApproved, HeaderKind: "image", Body: "{{2}} pro {{1}}",
			Buttons: []domain.TemplateButton{{Kind: "url", Text: "Sledovat", URL: "https://x.example/{{1}}"}},
		},
		Values: map[string]string{"body:1": "Alžběta", "body:2": "CZ-48211", "button:0:1": "CZ-48211"},
		Media:  &carrier.OutgoingMedia{MIME: "image/jpeg"},
	}
	got, _ := sentBody(t, m)
	want := `{"body":{"template":{"components":[{"parameters":[{"image":{"link":"https://desk.example/m/8d1c.jpg"},"type":"image"}],"type":"header"},` +
		`{"parameters":[{"text":"Alžběta","type":"text"},{"text":"CZ-48211","type":"text"}],"type":"body"},` +
		`{"index":"0","parameters":[{"text":"CZ-48211","type":"text"}],"sub_type":"url","type":"button"}],` +
		`"language":"cs","name":"zasilka_na_ceste"},"type":"template"},"from":"+420910123456","to":["+420601234567"]}`
	if got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

func TestSend_Undocumented_Refused(t *testing.T) {
	d := newDriverAgainst(t, func(http.ResponseWriter, *http.Request) { t.Error("a request left") })
	for name, change := range map[string]func(*carrier.Outgoing){
		"place":    func(m *carrier.Outgoing) { m.Kind, m.Location = domain.KindLocation, &domain.Location{Latitude: 1} },
		"card":     func(m *carrier.Outgoing) { m.Kind, m.Cards = domain.KindContacts, []domain.ContactCard{{Name: "A"}} },
		"reaction": func(m *carrier.Outgoing) { m.Kind, m.Target, m.Emoji = domain.KindReaction, "wamid.1", "👍" },
		"user id":  func(m *carrier.Outgoing) { m.To = domain.Identity{Kind: domain.UserIdentity, Value: "CZ.1"} },
		"words with a sticker": func(m *carrier.Outgoing) {
			m.Kind, m.Media = domain.KindSticker, &carrier.OutgoingMedia{MIME: "image/webp"}
		},
		"named variables": func(m *carrier.Outgoing) {
			m.Kind = domain.KindTemplate
			m.Template = &carrier.OutgoingTemplate{
				Template: domain.MessageTemplate{Body: "{{jmeno}}"},
				Values:   map[string]string{"body:jmeno": "A"},
			}
		},
		"missing value": func(m *carrier.Outgoing) {
			m.Kind = domain.KindTemplate
			m.Template = &carrier.OutgoingTemplate{Template: domain.MessageTemplate{Body: "{{1}}"}}
		},
	} {
		m := newText()
		change(&m)
		_, err := d.Send(context.Background(), m)
		if e := asError(t, err); e.Class != carrier.InvalidValue || e.Key == "" {
			t.Errorf("%s: got %v with %q, want invalid", name, e, e.Key)
		}
	}
}

func TestSend_FileCannotBePublished_Temporary(t *testing.T) {
	cfg := config("http://127.0.0.1:1")
	cfg.Publish = func(context.Context, carrier.OutgoingMedia) (string, error) { return "", errors.New("disk full") }
	m := newText()
	m.Kind, m.Media = domain.KindImage, &carrier.OutgoingMedia{MIME: "image/png", Size: 1}
	_, err := newDriver(t, cfg).Send(context.Background(), m)
	if e := asError(t, err); e.Class != carrier.Temporary {
		t.Errorf("got %v, want temporary", e)
	}
}

func TestSend_Answers(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		class  carrier.Class
		key    string
	}{
		{500, `{"code":1000,"message":"internal"}`, carrier.Temporary, "provider.temporary"},
		{401, `{"code":2001,"message":"no"}`, carrier.Unauthorised, "provider.engagelab.2002"},
		{401, `{"code":"2002","message":"no"}`, carrier.Unauthorised, "provider.engagelab.2002"},
		{400, `{"code":2003,"message":"no"}`, carrier.Unauthorised, "provider.engagelab.2003"},
		{403, `{"code":2004,"message":"no"}`, carrier.Unauthorised, "provider.engagelab.2004"},
		{400, `{"code":3003,"message":"no"}`, carrier.InvalidValue, "provider.engagelab.3003"},
		{400, `{"code":4001,"message":"no"}`, carrier.InvalidValue, "provider.engagelab.4001"},
		{400, `{"code":5002,"message":"no"}`, carrier.Permanent, "provider.permanent"},
		{400, `{"code":5011,"message":"not of WhatsApp"}`, carrier.Permanent, "provider.permanent"},
		{429, ``, carrier.RateLimited, "provider.rate_limited"},
		{429, `{"code":3003,"message":"slower"}`, carrier.RateLimited, "provider.rate_limited"},
		{502, `<html>`, carrier.Uncertain, "provider.uncertain"},
		{503, `{"code":9999,"message":"no"}`, carrier.Temporary, "provider.temporary"},
		{404, ``, carrier.Permanent, "provider.permanent"},
		{200, `{}`, carrier.Uncertain, "provider.uncertain"},
		{200, `<html>`, carrier.Uncertain, "provider.uncertain"},
		{302, ``, carrier.Permanent, "provider.permanent"},
	} {
		d := newDriverAgainst(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://elsewhere.example/")
			w.WriteHeader(c.status)
			_, _ = io.WriteString(w, c.body)
		})
		_, err := d.Send(context.Background(), newText())
		if e := asError(t, err); e.Class != c.class || e.Key != c.key {
			t.Errorf("%d %s: got %s %q, want %s %q", c.status, c.body, e.Class, e.Key, c.class, c.key)
		}
	}
}

func TestFetch_OnlyPublicAddresses(t *testing.T) {
	inside := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("an inner address was called") }))
	t.Cleanup(inside.Close)
	d := newDriver(t, config(""))
	for _, id := range []string{"1357", "", "http://files.example/a.jpg", "file:///etc/passwd", "https://", inside.URL + "/a.jpg"} {
		_, err := d.Fetch(context.Background(), id)
		if e := asError(t, err); e.Class != carrier.Permanent || e.Key != "provider.engagelab.no_media" {
			t.Errorf("%q: got %v with %q", id, e, e.Key)
		}
	}
}

func TestFetch_KeyOnlyWhenAsked(t *testing.T) {
	var asked []bool
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _, with := r.BasicAuth()
		asked = append(asked, with)
		switch {
		case r.URL.Path == "/gone":
			w.WriteHeader(http.StatusGone)
		case r.URL.Path == "/moved":
			http.Redirect(w, r, "/gone", http.StatusFound)
		case !with:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.Header().Set("Content-Type", "image/png; x=y")
			_, _ = io.WriteString(w, "png")
		}
	}))
	t.Cleanup(s.Close)
	d := newDriver(t, config(s.URL))
	m, err := d.Fetch(context.Background(), s.URL+"/a")
	if err != nil {
		t.Fatal(err)
	}
	m.Body.Close()
	if m.MIME != "image/png" || fmt.Sprint(asked) != "[false true]" {
		t.Errorf("got %q and %v, want image/png and a second request with the key", m.MIME, asked)
	}
	_, err = d.Fetch(context.Background(), s.URL+"/moved")
	if e := asError(t, err); e.Class != carrier.Permanent || e.Key != "provider.media_expired" {
		t.Errorf("got %v with %q", e, e.Key)
	}
}
