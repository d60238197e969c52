package twilio_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/simulator/world"
	"pult/providers/twilio"
)

// vendor answers every request as the test says and keeps the requests.
type vendor struct {
	status   int
	header   http.Header
	body     string
	answers  map[string]*http.Response // by address, before the rest
	requests []*http.Request
	forms    []url.Values
}

func (v *vendor) RoundTrip(r *http.Request) (*http.Response, error) {
	var raw []byte
	if r.Body != nil {
		raw, _ = io.ReadAll(r.Body)
	}
	form, _ := url.ParseQuery(string(raw))
	v.requests, v.forms = append(v.requests, r), append(v.forms, form)
	if a := v.answers[r.URL.String()]; a != nil {
		a.Request = r
		return a, nil
	}
	return newResponse(r, v.status, v.header, v.body), nil
}

func newResponse(r *http.Request, status int, h http.Header, body string) *http.Response {
	if h == nil {
		h = http.Header{}
	}
	return &http.Response{
		StatusCode:    status,
		Header:        h,
		Body:          io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       r,
	}
}

func (v *vendor) driver(t *testing.T, kind domain.ChannelKind) *twilio.Driver {
	return newDriver(t, twilio.Config{
		AccountSID: account, AuthToken: authToken, Number: number, Kind: kind,
		StatusCallback: "https://desk.example.cz/hooks/7?a=1", HTTPClient: &http.Client{Transport: v},
	})
}

const queued = `{"sid":"SM3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c","status":"queued","error_code":null}`

func TestSend_Request(t *testing.T) {
	id := domain.ID{1, 2, 3}
	for _, c := range []struct {
		kind     domain.ChannelKind
		to       domain.Identity
		from, at string
	}{
		{domain.WhatsApp, byPhone, "whatsapp:" + number, "whatsapp:+420601234567"},
		{domain.WhatsApp, byID, "whatsapp:" + number, "whatsapp:CZ.104412345678"},
		{domain.SMS, byPhone, number, "+420601234567"},
	} {
		v := &vendor{status: 201, body: queued}
		r, err := v.driver(t, c.kind).Send(context.Background(), carrier.Outgoing{
			ID:   id,
			To:   c.to,
			Kind: domain.KindText,
			Text: "Balík je na cestě.",
		})
		if err != nil || r.VendorID != "SM3f9b0f6a8a1d4a0e9d0c6b5e4f3a2b1c" {
			t.Fatalf("got %+v, %v", r, err)
		}
		want := url.Values{
			"From":           {c.from},
			"To":             {c.at},
			"Body":           {"Balík je na cestě."},
			"StatusCallback": {"https://desk.example.cz/hooks/7?a=1&message=" + id.String()},
		}
		if got := v.forms[0]; got.Encode() != want.Encode() {
			t.Errorf("got %v, want %v", got, want)
		}
		q := v.requests[0]
		user, password, _ := q.BasicAuth()
		if q.URL.String() != "https://api.twilio.com/2010-04-01/Accounts/"+account+"/Messages.json" || user != account ||
			password != authToken {
			t.Errorf("got %s signed in as %s", q.URL, user)
		}
	}
}

// sendFailure sends a text and gives the error.
func sendFailure(t *testing.T, v *vendor, m carrier.Outgoing) *carrier.Error {
	t.Helper()
	m.To = byPhone
	_, err := v.driver(t, domain.WhatsApp).Send(context.Background(), m)
	var e *carrier.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a *carrier.Error", err)
	}
	return e
}

func TestSend_Failures(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		class  carrier.Class
		key    string
	}{
		{400, `{"code":63016,"message":"x","status":400}`, carrier.WindowClosed, "provider.window_closed"},
		{400, `{"code":21610,"message":"x","status":400}`, carrier.Unreachable, "provider.twilio.21610"},
		{400, `{"code":"21211","message":"x","httpStatusCode":400}`, carrier.Unreachable, "provider.twilio.21211"},
		{401, `{"code":20003,"message":"` + authToken + `","status":401}`, carrier.Unauthorised, "provider.twilio.20003"},
		{403, `<html>`, carrier.Unauthorised, "provider.unauthorised"},
		{429, `{"code":20429,"message":"x","status":429}`, carrier.RateLimited, "provider.rate_limited"},
		{429, ``, carrier.RateLimited, "provider.rate_limited"},
		{500, `{"code":20500,"message":"x","status":500}`, carrier.Uncertain, "provider.uncertain"},
		{502, `<html>`, carrier.Uncertain, "provider.uncertain"},
		{400, `{"code":99999,"message":"x","status":400}`, carrier.Permanent, "provider.permanent"},
		{201, `{"status":"queued"}`, carrier.Uncertain, "provider.uncertain"},
		{201, `{`, carrier.Uncertain, "provider.uncertain"},
		{201, `{"sid":"SM1","status":"failed","error_code":63003}`, carrier.Unreachable, "provider.twilio.63003"},
	} {
		e := sendFailure(t, &vendor{status: c.status, body: c.body}, carrier.Outgoing{Kind: domain.KindText, Text: "x"})
		if e.Class != c.class || e.Key != c.key || strings.Contains(e.Error(), authToken) {
			t.Errorf("%d %s: got %s %s, want %s %s", c.status, c.body, e.Class, e.Key, c.class, c.key)
		}
	}
}

func TestSend_FileWithoutPublicAddress_RefusedBeforeAnythingLeaves(t *testing.T) {
	v := &vendor{status: 201, body: queued}
	e := sendFailure(t, v, carrier.Outgoing{Kind: domain.KindImage, Media: &carrier.OutgoingMedia{MIME: "image/png"}})
	if e.Class != carrier.InvalidValue || e.Key != "provider.twilio.no_public_address" || len(v.requests) != 0 {
		t.Errorf("got %s %s after %d requests", e.Class, e.Key, len(v.requests))
	}
}

func TestSend_CaptionOfASound_Refused(t *testing.T) {
	h := newHarness(t, domain.WhatsApp)
	_, err := h.driver.Send(context.Background(), carrier.Outgoing{
		To:    byPhone,
		Kind:  domain.KindAudio,
		Text:  "x",
		Media: &carrier.OutgoingMedia{MIME: "audio/ogg"},
	})
	var e *carrier.Error
	if !errors.As(err, &e) || e.Key != "provider.caption" {
		t.Errorf("got %v, want provider.caption", err)
	}
}

func TestSend_TemplateWithoutValue_Refused(t *testing.T) {
	v := &vendor{status: 201, body: queued}
	use := &carrier.OutgoingTemplate{
		Template: domain.MessageTemplate{VendorID: "HX1", Body: "Dobrý den {{1}}"},
		Values:   map[string]string{"body:1": " "},
	}
	if e := sendFailure(t, v, carrier.Outgoing{
		Kind:     domain.KindTemplate,
		Template: use,
	}); e.Key != "provider.twilio.template_values" || len(v.requests) != 0 {
		t.Errorf("got %s after %d requests", e.Key, len(v.requests))
	}
}

func TestSend_Template_NumbersAcrossParts(t *testing.T) {
	v := &vendor{status: 201, body: queued}
	template := domain.MessageTemplate{
		VendorID: "HX1",
		Body:     "Dobrý den {{1}}, {{2}}",
		Buttons:  []domain.TemplateButton{{Kind: "url", URL: "https://x.example/{{3}}"}},
	}
	values := map[string]string{"body:1": "Alžběta", "body:2": "CZ-48211", "button:0:3": "p7"}
	_, err := v.driver(t, domain.WhatsApp).Send(context.Background(), carrier.Outgoing{
		To: byPhone, Kind: domain.KindTemplate, Template: &carrier.OutgoingTemplate{Template: template, Values: values},
	})
	if got := v.forms[0]; err != nil || got.Get("ContentSid") != "HX1" ||
		got.Get("ContentVariables") != `{"1":"Alžběta","2":"CZ-48211","3":"p7"}` ||
		got.Has("Body") {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestTemplates_Translated(t *testing.T) {
	h := newHarness(t, domain.WhatsApp)
	list, err := h.driver.Templates(context.Background())
	if err != nil || len(list) != 5 {
		t.Fatalf("got %d templates over two pages, %v; want 5", len(list), err)
	}
	var got []string
	for _, m := range list {
		got = append(got, fmt.Sprintf("%s %s %s %s %d", m.Name, m.Language, m.Category, m.Status, len(m.Buttons)))
	}
	want := "delivery_on_the_way cs utility approved 0|visit_reminder fr utility approved 2|order_tracking en utility approved 1|spring_voucher cs marketing pending 0|payment_overdue fr utility rejected 0"
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	if link := list[2].Buttons[0]; link.Kind != "url" || link.URL != "https://shop.example/t/{{2}}" ||
		list[2].Examples["button:0:2"] != "P-2041" {
		t.Errorf("got %+v with examples %v", link, list[2].Examples)
	}
}

func TestTemplates_FileWithAVariable_CannotBeSent(t *testing.T) {
	v := &vendor{
		status: 200,
		body:   `{"contents":[{"sid":"HX1","friendly_name":"a","language":"pt-BR","types":{"twilio/media":{"body":"x","media":["https://x.example/{{1}}"]}},"approval_requests":{"status":"APPROVED"}}],"meta":{}}`,
	}
	list, err := v.driver(t, domain.WhatsApp).Templates(context.Background())
	if err != nil || len(list) != 1 || list[0].CanBeSent() || list[0].Language != "pt_BR" {
		t.Errorf("got %+v, %v; want one template that cannot be sent", list, err)
	}
	if got := v.requests[0].URL.Host; got != "content.twilio.com" {
		t.Errorf("asked %s", got)
	}
}

const fileAddress = "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages/MM1/Media/ME1"

func newRedirect(to string) *http.Response {
	return newResponse(nil, http.StatusTemporaryRedirect, http.Header{"Location": {to}}, "")
}

func TestFetch_CredentialsStayWithTheAPI(t *testing.T) {
	v := &vendor{
		status: 200, header: http.Header{"Content-Type": {"image/jpeg; a=b"}}, body: "bytes",
		answers: map[string]*http.Response{fileAddress: newRedirect("https://mms.twiliocdn.com/x?sign=1")},
	}
	m, err := v.driver(t, domain.WhatsApp).Fetch(context.Background(), fileAddress)
	if err != nil || m.MIME != "image/jpeg" || m.Size != 5 {
		t.Fatalf("got %+v, %v", m, err)
	}
	defer m.Body.Close()
	if len(v.requests) != 2 || v.requests[0].Header.Get("Authorization") == "" || v.requests[1].Header.Get("Authorization") != "" {
		t.Errorf("got %d requests, the last with %q", len(v.requests), v.requests[len(v.requests)-1].Header.Get("Authorization"))
	}
}

func TestFetch_StrangeAddresses_NeverAsked(t *testing.T) {
	for _, address := range []string{
		"https://evil.example/x", "http://api.twilio.com/x", "https://api.twilio.com.evil.example/x", "https://api.twilio.com:8443/x", "ME1", "", "https://mms.twiliocdn.com/x",
	} {
		v := &vendor{status: 200, body: "bytes"}
		_, err := v.driver(t, domain.WhatsApp).Fetch(context.Background(), address)
		if e := carrier.AsError(err); e.Class != carrier.Permanent || len(v.requests) != 0 {
			t.Errorf("%q: got %v after %d requests", address, err, len(v.requests))
		}
	}
	for _, target := range []string{"https://evil.example/x", "http://mms.twiliocdn.com/x", "https://twiliocdn.com.evil.example/", "http://127.0.0.1/"} {
		v := &vendor{status: 200, body: "bytes", answers: map[string]*http.Response{fileAddress: newRedirect(target)}}
		_, err := v.driver(t, domain.WhatsApp).Fetch(context.Background(), fileAddress)
		if e := carrier.AsError(err); e.Class != carrier.Permanent || len(v.requests) != 1 {
			t.Errorf("%s: got %v after %d requests", target, err, len(v.requests))
		}
	}
}

func TestFetch_GoneOrStale(t *testing.T) {
	gone := &vendor{status: 404, body: `{"code":20404,"status":404}`}
	_, err := gone.driver(t, domain.WhatsApp).Fetch(context.Background(), fileAddress)
	if e := carrier.AsError(err); e.Class != carrier.Permanent || e.Key != "provider.media_expired" {
		t.Errorf("gone: got %v", err)
	}
	stale := &vendor{status: 403, answers: map[string]*http.Response{fileAddress: newRedirect("https://mms.twiliocdn.com/x")}}
	_, err = stale.driver(t, domain.WhatsApp).Fetch(context.Background(), fileAddress)
	if e := carrier.AsError(err); e.Class != carrier.Temporary {
		t.Errorf("address that ran out: got %v, want Temporary: the next try gets a new one", err)
	}
}

func TestTest_SuspendedAccount(t *testing.T) {
	v := &vendor{status: 200, body: `{"friendly_name":"Servis","status":"suspended","type":"Full","auth_token":"` + authToken + `"}`}
	_, err := v.driver(t, domain.SMS).Test(context.Background())
	if e := carrier.AsError(err); e.Class != carrier.Unauthorised || strings.Contains(err.Error(), authToken) {
		t.Errorf("got %v, want Unauthorised", err)
	}
	v.body = `{"friendly_name":"Servis","status":"active","type":"Trial"}`
	if a, err := v.driver(t, domain.SMS).Test(context.Background()); err != nil || a.Status != "active trial" || a.Name != "Servis" {
		t.Errorf("got %+v, %v", a, err)
	}
}

func TestPublishedFile_ReachesTheCustomer(t *testing.T) {
	h := newHarness(t, domain.WhatsApp)
	photo := world.SamplePhoto()
	r, err := h.driver.Send(context.Background(), carrier.Outgoing{
		To:   byPhone,
		Kind: domain.KindImage,
		Text: "Hotovo",
		Media: &carrier.OutgoingMedia{
			MIME: photo.MIME,
			Size: int64(len(photo.Data)),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(photo.Data)), nil },
		},
	})
	if got := h.Received(t, r.VendorID); err != nil || !bytes.Equal(got.Data, photo.Data) || got.Text != "Hotovo" {
		t.Errorf("got %d bytes with %q, %v", len(got.Data), got.Text, err)
	}
}
