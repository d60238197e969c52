package drivertest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// epoch is when all messages of the suite were made; their ids differ all the same.
var epoch = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

var ids domain.IDs

// newMessage is an outgoing message to the customer.
func newMessage(h Harness, s Message) carrier.Outgoing {
	m := carrier.Outgoing{
		ID: ids.New(epoch), To: h.Recipient(), Kind: s.Kind, Text: s.Text, Location: s.Location, Cards: s.Cards,
		ReplyTo: s.ReplyTo, Target: s.Target, Emoji: s.Emoji,
	}
	if s.Data != nil {
		m.Media = newFile(s)
	}
	return m
}

func newFile(s Message) *carrier.OutgoingMedia {
	return &carrier.OutgoingMedia{
		Name: s.Name, MIME: s.MIME, Size: int64(len(s.Data)), Voice: s.Kind == domain.KindVoice,
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(s.Data)), nil },
	}
}

// sendOne sends and gives what the customer got.
func sendOne(t *testing.T, h Harness, m carrier.Outgoing) Message {
	t.Helper()
	r, err := h.Driver().Send(context.Background(), m)
	if err != nil {
		t.Fatalf("send %s: %v", m.Kind, err)
	}
	if r.VendorID == "" {
		t.Fatalf("send %s: no vendor id", m.Kind)
	}
	return h.Received(t, r.VendorID)
}

func testOutboundTexts(t *testing.T, h Harness) {
	all := map[string]string{"longest": longestText(h.Driver().Capabilities().TextLength)}
	for name, text := range texts {
		all[name] = text
	}
	for name, text := range all {
		if got := sendOne(t, h, newMessage(h, Message{
			Kind: domain.KindText,
			Text: text,
		})); got.Kind != domain.KindText || got.Text != asCarried(h.Driver(), text) {
			t.Errorf("%s: got %s %q, want text %q", name, got.Kind, got.Text, text)
		}
	}
}

func testOutboundFiles(t *testing.T, h Harness) {
	for _, rule := range h.Driver().Capabilities().Files {
		for _, mime := range rule.MIME {
			mime = exampleType(mime)
			want := sampleFile(rule, mime)
			got := sendOne(t, h, newMessage(h, want))
			if got.Kind != want.Kind || !bytes.Equal(got.Data, want.Data) || got.MIME != mime {
				t.Errorf(
					"%s: got %s %s with %d bytes, want %s with %d",
					mime,
					got.Kind,
					got.MIME,
					len(got.Data),
					want.Kind,
					len(want.Data),
				)
			}
		}
	}
	testCaption(t, h)
}

// testCaption sends a picture with the longest caption.
func testCaption(t *testing.T, h Harness) {
	caps := h.Driver().Capabilities()
	rule, ok := caps.RuleFor("image/jpeg")
	if !ok || caps.CaptionLength == 0 {
		return
	}
	want := sampleFile(rule, "image/jpeg")
	want.Text = longestText(caps.CaptionLength)
	if got := sendOne(t, h, newMessage(h, want)); got.Text != want.Text {
		t.Errorf("caption: got %d bytes, want %d", len(got.Text), len(want.Text))
	}
}

func testOutboundUploaded(t *testing.T, h Harness) {
	u, ok := h.Driver().(carrier.MediaUploader)
	if !ok {
		t.Skip("the vendor takes files with the message")
	}
	rule := h.Driver().Capabilities().Files[0]
	want := sampleFile(rule, rule.MIME[0])
	id, err := u.Upload(context.Background(), *newFile(want))
	if err != nil || id == "" {
		t.Fatalf("upload: got %q, %v", id, err)
	}
	m := newMessage(h, want)
	m.Media.VendorID = id
	m.Media.Open = func() (io.ReadCloser, error) {
		t.Error("an uploaded file was opened again")
		return nil, io.ErrUnexpectedEOF
	}
	if got := sendOne(t, h, m); !bytes.Equal(got.Data, want.Data) {
		t.Errorf("got %d bytes, want %d", len(got.Data), len(want.Data))
	}
}

func testOutboundOthers(t *testing.T, h Harness) {
	caps := h.Driver().Capabilities()
	if caps.Locations {
		testOutboundLocation(t, h)
	}
	if caps.Cards {
		testOutboundCards(t, h)
	}
	if caps.Reactions {
		testOutboundReaction(t, h)
	}
}

func testOutboundLocation(t *testing.T, h Harness) {
	location := &domain.Location{
		Latitude:  50.0876,
		Longitude: -14.4213,
		Name:      "Kavárna",
		Address:   "Smetanovo nábřeží 2",
	}
	if got := sendOne(t, h, newMessage(h, Message{
		Kind:     domain.KindLocation,
		Location: location,
	})); got.Location == nil || *got.Location != *location {
		t.Errorf("location: got %+v, want %+v", got.Location, location)
	}
}

func testOutboundCards(t *testing.T, h Harness) {
	cards := []domain.ContactCard{{
		Name:         "Claire Moreau",
		Organisation: "Exemple SARL",
		Phones:       []string{"+33612345678"},
		Emails:       []string{"claire@exemple.fr"},
	}}
	if got := sendOne(t, h, newMessage(h, Message{
		Kind:  domain.KindContacts,
		Cards: cards,
	})); !reflect.DeepEqual(got.Cards, cards) {
		t.Errorf("cards: got %+v, want %+v", got.Cards, cards)
	}
}

func testOutboundReaction(t *testing.T, h Harness) {
	target := sayOne(t, h, Message{Kind: domain.KindText, Text: "one"}).VendorID
	for _, emoji := range []string{"👍", ""} {
		if got := sendOne(t, h, newMessage(h, Message{
			Kind:   domain.KindReaction,
			Target: target,
			Emoji:  emoji,
		})); got.Target != target || got.Emoji != emoji {
			t.Errorf("reaction: got %q on %q, want %q on %q", got.Emoji, got.Target, emoji, target)
		}
	}
}

func testOutboundQuote(t *testing.T, h Harness) {
	if !h.Driver().Capabilities().Quotes {
		t.Skip("the channel knows no quotes")
	}
	target := sayOne(t, h, Message{Kind: domain.KindText, Text: "one"}).VendorID
	if got := sendOne(t, h, newMessage(h, Message{
		Kind:    domain.KindText,
		Text:    "two",
		ReplyTo: target,
	})); got.ReplyTo != target {
		t.Errorf("got reply to %q, want %q", got.ReplyTo, target)
	}
}

// testOutboundTemplate sends every template that can be sent, with a value for every variable.
func testOutboundTemplate(t *testing.T, h Harness) {
	l, ok := h.Driver().(carrier.TemplateLister)
	if !ok || !h.Driver().Capabilities().Templates {
		t.Skip("the channel knows no templates")
	}
	list, err := l.Templates(context.Background())
	if err != nil || len(list) == 0 {
		t.Fatalf("templates: got %d, %v", len(list), err)
	}
	for _, tpl := range list {
		if !tpl.CanBeSent() {
			continue
		}
		use := &carrier.OutgoingTemplate{Template: tpl, Values: map[string]string{}}
		for i, slot := range tpl.Slots() {
			use.Values[slot.Key] = fmt.Sprintf("Žofie %d", i)
			if slot.Media != "" {
				use.Media = newFile(Message{
					Name: "a",
					MIME: map[string]string{
						"image":    "image/png",
						"video":    "video/mp4",
						"document": "application/pdf",
					}[slot.Media],
					Data: []byte("x"),
				})
			}
		}
		m := newMessage(h, Message{Kind: domain.KindTemplate})
		m.Template = use
		if got := sendOne(t, h, m); got.Text != tpl.Render(use.Values) {
			t.Errorf("%s %s: got %q, want %q", tpl.Name, tpl.Language, got.Text, tpl.Render(use.Values))
		}
	}
}

func testOutboundNobody(t *testing.T, h Harness) {
	m := newMessage(h, Message{Kind: domain.KindText, Text: "x"})
	m.To = domain.Identity{}
	_, err := h.Driver().Send(context.Background(), m)
	checkClass(t, h, "no recipient", err, carrier.InvalidValue)
}

func testOutboundMany(t *testing.T, h Harness) {
	const many = 40
	before := h.Count(t)
	got := make([]string, many)
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			r, err := h.Driver().Send(context.Background(), newMessage(h, Message{
				Kind: domain.KindText,
				Text: fmt.Sprint(i),
			}))
			if err != nil {
				t.Errorf("send %d: %v", i, err)
			}
			got[i] = r.VendorID
		})
	}
	wg.Wait()
	slices.Sort(got)
	if n := len(slices.Compact(got)); n != many || h.Count(t)-before != many {
		t.Errorf("got %d ids and %d messages, want %d of each", n, h.Count(t)-before, many)
	}
}

func testOutboundCancelled(t *testing.T, h Harness) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	before := h.Count(t)
	_, err := h.Driver().Send(ctx, newMessage(h, Message{Kind: domain.KindText, Text: "x"}))
	checkClass(t, h, "cancelled before it began", err, carrier.Temporary)
	if after := h.Count(t); after != before {
		t.Errorf("got %d messages, want %d", after, before)
	}
}
