package webchat_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/webchat"
)

var (
	channel = domain.ID{7}
	visitor = domain.ID{1, 2, 3}
	epoch   = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
)

func newDriver(t testing.TB) *webchat.Driver {
	t.Helper()
	d, err := webchat.New(webchat.Config{Channel: channel, Origins: "https://shop.example"})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func newDelivery(t testing.TB, s carrier.VisitorMessage) carrier.Webhook {
	t.Helper()
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return carrier.Webhook{Header: http.Header{}, Body: body, ReceivedAt: epoch}
}

func parseOne(t *testing.T, s carrier.VisitorMessage) []carrier.InboundMessage {
	t.Helper()
	b, err := newDriver(t).Parse(newDelivery(t, s))
	if err != nil {
		t.Fatal(err)
	}
	return b.Messages
}

func TestNew_NeedsASite(t *testing.T) {
	for _, origins := range []string{"", "shop.example", "https://shop.example nonsense"} {
		_, err := webchat.New(webchat.Config{Origins: origins})
		var e *domain.Error
		if !errors.As(err, &e) || e.Fields["origins"] == "" {
			t.Errorf("%q: got %v, want a fault of the field origins", origins, err)
		}
	}
}

func TestParse_GreetingBeforeAndFollowUpAfterByTheDesk(t *testing.T) {
	got := parseOne(t, carrier.VisitorMessage{Visitor: visitor, ID: "message-1", Text: "Hello", Greeting: "Good day", FollowUp: "Wait"})
	var order []string
	ids := map[string]bool{}
	for _, m := range got {
		order = append(order, string(m.From)+" "+m.Text)
		ids[m.VendorID] = true
	}
	if len(ids) != len(got) {
		t.Errorf("got ids %v, want a different one for each", ids)
	}
	if want := []string{"system Good day", "customer Hello", "system Wait"}; !reflect.DeepEqual(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
}

func TestParse_FilesEachWithTheTextOnTheFirst(t *testing.T) {
	got := parseOne(t, carrier.VisitorMessage{Visitor: visitor, ID: "message-1", Text: "Look", Files: []carrier.VisitorFile{
		{ID: domain.ID{8}, Name: "a.png", MIME: "image/png", Size: 3}, {ID: domain.ID{9}, Name: "b.pdf", MIME: "application/pdf", Size: 4},
	}})
	if len(got) != 2 || got[0].Kind != domain.KindImage || got[0].Text != "Look" || got[1].Kind != domain.KindDocument ||
		got[1].Text != "" {
		t.Fatalf("got %+v", got)
	}
	if a := got[1].Attachments[0]; a.FileID != (domain.ID{9}) || a.State != domain.FileStored || a.Name != "b.pdf" {
		t.Errorf("got %+v, want the stored file", a)
	}
}

func TestParse_MailIsAnIdentityOnlyWhenVouchedFor(t *testing.T) {
	told := parseOne(t, carrier.VisitorMessage{Visitor: visitor, ID: "message-1", Text: "x", Email: "Zofie@Example.org"})[0].Contact
	if len(told.Identities) != 1 || told.Details["visitor.email"] == "" {
		t.Errorf("told: got %+v, want a detail", told)
	}
	vouched := parseOne(t, carrier.VisitorMessage{
		Visitor: visitor,
		ID:      "message-1",
		Text:    "x",
		Email:   "Zofie@Example.org",
		Vouched: true,
	})[0].Contact
	want := domain.Identity{Kind: domain.MailIdentity, Value: "zofie@example.org"}
	if len(vouched.Identities) != 2 || vouched.Identities[1] != want || vouched.Identities[0].Kind != domain.UserIdentity {
		t.Errorf("vouched for: got %+v, want %+v after the visitor's own", vouched.Identities, want)
	}
}

func TestSend_OnlyToVisitorsOfTheChannel(t *testing.T) {
	for name, to := range map[string]domain.Identity{
		"a telephone":     {Kind: domain.PhoneIdentity, Value: "+420777"},
		"another channel": {Kind: domain.UserIdentity, Scope: "other", Value: visitor.String()},
		"no visitor":      {Kind: domain.UserIdentity, Scope: channel.String(), Value: "Anna"},
	} {
		_, err := newDriver(t).Send(t.Context(), carrier.Outgoing{Kind: domain.KindText, Text: "x", To: to})
		var e *carrier.Error
		if !errors.As(err, &e) || e.Class != carrier.InvalidValue || e.Key == "" {
			t.Errorf("%s: got %v, want InvalidValue", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"visitor":"01k00000000000000000000000","id":"message-1","text":"x"}`))
	f.Add([]byte(`{"visitor":"01k00000000000000000000000","id":"m","files":[{"id":"","mime":"a/b"},{}],"greeting":"g","follow_up":"f"}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"visitor":7}`))
	d := newDriver(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := d.Parse(carrier.Webhook{Header: http.Header{}, Body: body, ReceivedAt: epoch})
		if err != nil {
			return
		}
		for _, m := range b.Messages {
			if m.VendorID == "" || len(m.Contact.Identities) == 0 || m.At.IsZero() || m.From == domain.ByPhone {
				t.Errorf("incomplete message %+v of %q", m, body)
			}
		}
	})
}
