package webchat_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/providers"
	"pult/providers/webchat"
)

// The suite of package drivertest judges a driver by what a vendor outside got from it. Here the desk itself is on both sides, so
// its cases are told again in the driver's own words: what is said comes through unchanged and once, what is not declared is refused,
// and nothing from outside is believed.

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

func delivery(t testing.TB, s providers.VisitorSaid) providers.Webhook {
	t.Helper()
	body, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return providers.Webhook{Header: http.Header{}, Body: body, ReceivedAt: epoch}
}

func parse(t *testing.T, s providers.VisitorSaid) []providers.InboundMessage {
	t.Helper()
	b, err := newDriver(t).Parse(delivery(t, s))
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

func TestVerify_NothingFromOutsideIsBelieved(t *testing.T) {
	d := newDriver(t)
	w := delivery(t, providers.VisitorSaid{Visitor: visitor, ID: "message-1", Text: "Hello"})
	if err := d.Verify(w); !errors.Is(err, providers.ErrSignature) {
		t.Errorf("got %v, want ErrSignature", err)
	}
}

func TestParse_TextsAsTheyWereWritten(t *testing.T) {
	for name, text := range map[string]string{
		"plain": "Dobrý den, je kolo skladem?", "emoji": "👍🏽 👩‍👩‍👧", "right to left": "שלום مرحبا", "markup": `<script>alert("1")</script>`, "lines": "one\ntwo",
		"longest": strings.Repeat("€", webchat.TextLength),
	} {
		got := parse(t, providers.VisitorSaid{Visitor: visitor, ID: "message-1", Name: "Anna", Text: text})
		if len(got) != 1 || got[0].Text != text || got[0].Kind != domain.KindText || got[0].From != domain.ByCustomer || !got[0].At.Equal(epoch) || len(got[0].Raw) == 0 {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestParse_SameTwiceIsTheSame(t *testing.T) {
	s := providers.VisitorSaid{Visitor: visitor, ID: "message-1", Text: "Hello", Greeting: "Good day", FollowUp: "Wait"}
	if first, second := parse(t, s), parse(t, s); !reflect.DeepEqual(first, second) {
		t.Errorf("got\n%+v and\n%+v", first, second)
	}
	ids := map[string]bool{}
	for _, m := range parse(t, s) {
		ids[m.VendorID] = true
	}
	if len(ids) != 3 {
		t.Errorf("got ids %v, want three different ones", ids)
	}
}

func TestParse_GreetingBeforeAndFollowUpAfterByTheDesk(t *testing.T) {
	got := parse(t, providers.VisitorSaid{Visitor: visitor, ID: "message-1", Text: "Hello", Greeting: "Good day", FollowUp: "Wait"})
	var order []string
	for _, m := range got {
		order = append(order, string(m.From)+" "+m.Text)
	}
	if want := []string{"system Good day", "customer Hello", "system Wait"}; !reflect.DeepEqual(order, want) {
		t.Errorf("got %q, want %q", order, want)
	}
}

func TestParse_FilesEachWithTheTextOnTheFirst(t *testing.T) {
	got := parse(t, providers.VisitorSaid{Visitor: visitor, ID: "message-1", Text: "Look", Files: []providers.VisitorFile{
		{ID: domain.ID{8}, Name: "a.png", MIME: "image/png", Size: 3}, {ID: domain.ID{9}, Name: "b.pdf", MIME: "application/pdf", Size: 4},
	}})
	if len(got) != 2 || got[0].Kind != domain.KindImage || got[0].Text != "Look" || got[1].Kind != domain.KindDocument || got[1].Text != "" {
		t.Fatalf("got %+v", got)
	}
	if a := got[1].Attachments[0]; a.FileID != (domain.ID{9}) || a.State != domain.FileStored || a.Name != "b.pdf" {
		t.Errorf("got %+v, want the stored file", a)
	}
}

func TestParse_MailIsAnIdentityOnlyWhenVouchedFor(t *testing.T) {
	told := parse(t, providers.VisitorSaid{Visitor: visitor, ID: "message-1", Text: "x", Email: "Zofie@Example.org"})[0].Contact
	if len(told.Identities) != 1 || told.Details["visitor.email"] == "" {
		t.Errorf("told: got %+v, want a detail", told)
	}
	vouched := parse(t, providers.VisitorSaid{Visitor: visitor, ID: "message-1", Text: "x", Email: "Zofie@Example.org", Vouched: true})[0].Contact
	want := domain.Identity{Kind: domain.MailIdentity, Value: "zofie@example.org"}
	if len(vouched.Identities) != 2 || vouched.Identities[1] != want || vouched.Identities[0].Kind != domain.UserIdentity {
		t.Errorf("vouched for: got %+v, want %+v after the visitor's own", vouched.Identities, want)
	}
}

func TestSend_OnlyToVisitorsOfTheChannelAndOnlyWhatIsDeclared(t *testing.T) {
	d := newDriver(t)
	right := domain.Identity{Kind: domain.UserIdentity, Scope: channel.String(), Value: visitor.String()}
	line := providers.NewChannel(d, 2)
	r, err := line.Send(context.Background(), providers.Outgoing{ID: domain.ID{5}, To: right, Kind: domain.KindText, Text: "Hello"})
	if err != nil || r.VendorID == "" {
		t.Fatalf("got %+v, %v", r, err)
	}
	found, err := d.Find(context.Background(), providers.Outgoing{ID: domain.ID{5}}, epoch)
	if err != nil || !reflect.DeepEqual(found, []string{r.VendorID}) {
		t.Errorf("looked up: got %v, %v, want %s", found, err, r.VendorID)
	}
	for name, m := range map[string]providers.Outgoing{
		"nobody":          {Kind: domain.KindText, Text: "x"},
		"a telephone":     {Kind: domain.KindText, Text: "x", To: domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777"}},
		"another channel": {Kind: domain.KindText, Text: "x", To: domain.Identity{Kind: domain.UserIdentity, Scope: "other", Value: visitor.String()}},
		"no text":         {Kind: domain.KindText, To: right},
		"a place":         {Kind: domain.KindLocation, To: right, Location: &domain.Location{}},
		"a long text":     {Kind: domain.KindText, To: right, Text: strings.Repeat("x", webchat.TextLength+1)},
		"a program":       {Kind: domain.KindDocument, To: right, Media: &providers.OutgoingMedia{MIME: "application/x-msdownload"}},
		"a template":      {Kind: domain.KindTemplate, To: right},
	} {
		_, err := line.Send(context.Background(), m)
		var e *providers.Error
		if !errors.As(err, &e) || e.Class != providers.InvalidValue || e.Key == "" {
			t.Errorf("%s: got %v, want InvalidValue", name, err)
		}
	}
}

func TestSend_Cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := newDriver(t).Send(ctx, providers.Outgoing{Kind: domain.KindText, Text: "x"})
	var e *providers.Error
	if !errors.As(err, &e) || e.Class != providers.Temporary {
		t.Errorf("got %v, want Temporary", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"visitor":"01k00000000000000000000000","id":"message-1","text":"x"}`))
	f.Add([]byte(`{"visitor":"01k00000000000000000000000","id":"m","files":[{"id":"","mime":"a/b"},{}],"greeting":"g","follow_up":"f"}`))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"visitor":7}`))
	d := newDriver(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := d.Parse(providers.Webhook{Header: http.Header{}, Body: body, ReceivedAt: epoch})
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
