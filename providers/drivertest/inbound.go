package drivertest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/providers"
)

// texts are those that software likes to break.
var texts = map[string]string{
	"plain":         "Dobrý den, je kolo skladem?",
	"emoji":         "👍🏽 👩‍👩‍👧 😀",
	"right to left": "שלום, האם האופניים במלאי? مرحبا",
	"markup":        `<script>alert("1")</script> & </b> \u0041 "{{.}}"`,
	"lines":         "one\ntwo\r\n\tthree",
	"one character": "á",
}

// longest is a text of exactly the channel's limit, made of characters of three bytes.
func longest(limit int) string {
	if limit == 0 {
		limit = 4096
	}
	return strings.Repeat("€", limit)
}

// fetches tells whether the driver gets what people said by itself: nothing that calls is to be believed then.
func fetches(d providers.Driver) bool {
	_, ok := d.(providers.Receiver)
	return ok
}

// carried is a text as the channel can carry it: letters know one kind of line break.
func carried(d providers.Driver, text string) string {
	if d.Capabilities().Mail {
		return strings.ReplaceAll(text, "\r\n", "\n")
	}
	return text
}

// concrete is a type that a rule allows.
func concrete(mime string) string {
	if mime == "*/*" {
		return "application/pdf"
	}
	return mime
}

// parse verifies and parses a webhook, as the desk does.
func parse(t *testing.T, d providers.Driver, w providers.Webhook) providers.Batch {
	t.Helper()
	if err := d.Verify(w); err != nil && !fetches(d) {
		t.Fatalf("Verify of the vendor's own webhook: %v", err)
	}
	b, err := d.Parse(w)
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, w.Body)
	}
	return b
}

// said lets the customer say something and gives the one message it must become.
func said(t *testing.T, h Harness, s Said) providers.InboundMessage {
	t.Helper()
	var got []providers.InboundMessage
	for _, w := range h.Say(t, s) {
		got = append(got, parse(t, h.Driver(), w).Messages...)
	}
	if len(got) != 1 {
		t.Fatalf("%s said: got %d messages, want 1", s.Kind, len(got))
	}
	m := got[0]
	if m.VendorID == "" || m.Account == "" || m.At.IsZero() || len(m.Contact.Identities) == 0 || m.From != domain.ByCustomer || len(m.Raw) == 0 {
		t.Fatalf("incomplete message: %+v", m)
	}
	return m
}

func inboundTexts(t *testing.T, h Harness) {
	all := map[string]string{"longest": longest(h.Driver().Capabilities().TextLength)}
	for name, text := range texts {
		all[name] = text
	}
	for name, text := range all {
		m := said(t, h, Said{Kind: domain.KindText, Text: text})
		if m.Kind != domain.KindText || m.Text != carried(h.Driver(), text) {
			t.Errorf("%s: got %s %q, want text %q", name, m.Kind, m.Text, text)
		}
		if !slices.Contains(m.Contact.Identities, h.Recipient()) {
			t.Errorf("%s: identities %v lack %v", name, m.Contact.Identities, h.Recipient())
		}
	}
}

// sampleFile is a file of a type; its bytes need not be what the type promises.
func sampleFile(r providers.FileRule, mime string) Said {
	return Said{Kind: r.Kind, Name: `žluťoučký "kůň".bin`, MIME: mime, Data: bytes.Repeat([]byte("file\x00\xff"), 3000)}
}

func inboundFiles(t *testing.T, h Harness) {
	for _, rule := range h.Driver().Capabilities().Files {
		want := sampleFile(rule, concrete(rule.MIME[0]))
		m := said(t, h, want)
		if h.Driver().Capabilities().Mail {
			want.Kind = domain.KindText // files are enclosed, the letter is its text
		}
		if m.Kind != want.Kind || len(m.Attachments) != 1 {
			t.Errorf("%s: got %s with %d files, want %s with 1", rule.MIME[0], m.Kind, len(m.Attachments), want.Kind)
			continue
		}
		if a := m.Attachments[0]; a.VendorID == "" || a.MIME != want.MIME || a.State != domain.FileFetching {
			t.Errorf("%s: got attachment %+v", rule.MIME[0], a)
		}
	}
	if h.Driver().Capabilities().Mail {
		return
	}
	if m := said(t, h, Said{Kind: domain.KindVoice, Name: "v.ogg", MIME: "audio/ogg", Data: []byte("OggS")}); m.Kind != domain.KindVoice || !m.Attachments[0].Voice {
		t.Errorf("voice message: got %s %+v", m.Kind, m.Attachments)
	}
}

func inboundOthers(t *testing.T, h Harness) {
	t.Run("location", func(t *testing.T) { inboundLocation(t, h) })
	t.Run("cards", func(t *testing.T) { inboundCards(t, h) })
	t.Run("reaction", func(t *testing.T) { inboundReaction(t, h) })
}

func inboundLocation(t *testing.T, h Harness) {
	place := &domain.Location{Latitude: 50.0876, Longitude: -14.4213, Name: "Kavárna", Address: "Smetanovo nábřeží 2"}
	if m := said(t, h, Said{Kind: domain.KindLocation, Location: place}); m.Location == nil || *m.Location != *place {
		t.Errorf("location: got %+v, want %+v", m.Location, place)
	}
}

func inboundCards(t *testing.T, h Harness) {
	cards := []domain.ContactCard{{Name: "Claire Moreau", Organisation: "Exemple SARL", Phones: []string{"+33 6 12 34 56 78"}, Emails: []string{"claire@exemple.fr"}}}
	if m := said(t, h, Said{Kind: domain.KindContacts, Cards: cards}); !reflect.DeepEqual(m.Cards, cards) {
		t.Errorf("cards: got %+v, want %+v", m.Cards, cards)
	}
}

func inboundReaction(t *testing.T, h Harness) {
	if !h.Driver().Capabilities().Reactions {
		t.Skip("the channel knows no reactions")
	}
	first := said(t, h, Said{Kind: domain.KindText, Text: "one"})
	for _, emoji := range []string{"👍", ""} {
		m := said(t, h, Said{Kind: domain.KindReaction, Target: first.VendorID, Emoji: emoji})
		if m.Kind != domain.KindReaction || m.Target != first.VendorID || m.Emoji != emoji {
			t.Errorf("reaction: got %s %q on %q, want %q on %q", m.Kind, m.Emoji, m.Target, emoji, first.VendorID)
		}
	}
}

func inboundReply(t *testing.T, h Harness) {
	if !h.Driver().Capabilities().Quotes {
		t.Skip("the channel knows no quotes")
	}
	first := said(t, h, Said{Kind: domain.KindText, Text: "one"})
	if m := said(t, h, Said{Kind: domain.KindText, Text: "two", ReplyTo: first.VendorID}); m.ReplyTo != first.VendorID {
		t.Errorf("got reply to %q, want %q", m.ReplyTo, first.VendorID)
	}
}

func inboundTwice(t *testing.T, h Harness) {
	for _, w := range h.Say(t, Said{Kind: domain.KindText, Text: "again"}) {
		first, second := parse(t, h.Driver(), w), parse(t, h.Driver(), w)
		if !reflect.DeepEqual(first, second) {
			t.Errorf("the same webhook parsed to\n%+v and\n%+v", first, second)
		}
	}
}

func inboundBatch(t *testing.T, h Harness) {
	want := []string{"one", "two", "three"}
	var got, ids []string
	for _, m := range parse(t, h.Driver(), h.Batch(t, want...)).Messages {
		got, ids = append(got, m.Text), append(ids, m.VendorID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(want) {
		t.Errorf("ids are not different: %q", ids)
	}
}

func inboundUnknownPart(t *testing.T, h Harness) {
	b := parse(t, h.Driver(), h.UnknownPart(t))
	if len(b.Messages) != 1 || b.Messages[0].Kind != domain.KindUnsupported || len(b.Messages[0].Raw) == 0 {
		t.Errorf("got %+v, want one unsupported message with its raw data", b.Messages)
	}
}

func inboundUnknownEvent(t *testing.T, h Harness) {
	b := parse(t, h.Driver(), h.UnknownEvent(t))
	if len(b.Messages)+len(b.Statuses) != 0 || len(b.Unknown) != 1 {
		t.Errorf("got %+v, want one unknown part and nothing else", b)
	}
}

func inboundGarbage(t *testing.T, h Harness) {
	for _, body := range []string{"", "null", "[]", "{}", "7", `"x"`, "{", "\xff\xfe", `{"a":` + strings.Repeat("[", 20000), `{"object":{},"entry":7}`} {
		b, err := h.Driver().Parse(providers.Webhook{Header: http.Header{}, Body: []byte(body)})
		if err == nil && len(b.Messages)+len(b.Statuses) > 0 {
			t.Errorf("%.20q: got %+v", body, b)
		}
	}
}

func signatureRight(t *testing.T, h Harness) {
	if fetches(h.Driver()) {
		t.Skip("the vendor calls nobody")
	}
	for _, w := range h.Say(t, Said{Kind: domain.KindText, Text: "žluťoučký 😀 a/b"}) {
		if err := h.Driver().Verify(w); err != nil {
			t.Errorf("got %v, want nil", err)
		}
	}
}

func signatureWrong(t *testing.T, h Harness) {
	w := h.Say(t, Said{Kind: domain.KindText, Text: "one"})[0]
	if fetches(h.Driver()) {
		refused(t, h, "a webhook of a vendor that calls nobody", h.Driver().Verify(w))
		return
	}
	for name := range w.Header {
		value := w.Header.Get(name)
		for _, bad := range []string{"", value[:len(value)-1], value[:len(value)/2], value + "0", flip(value, len(value)-1)} {
			changed := w
			changed.Header = w.Header.Clone()
			changed.Header.Set(name, bad)
			if bad == "" {
				changed.Header.Del(name)
			}
			err := h.Driver().Verify(changed)
			if signs(h.Driver(), w, name) {
				refused(t, h, fmt.Sprintf("%s: %q", name, bad), err)
			}
		}
	}
	refused(t, h, "no headers", h.Driver().Verify(providers.Webhook{Header: http.Header{}, Body: w.Body}))
}

// signs tells whether the header is one the signature rests on: without it the webhook is refused.
func signs(d providers.Driver, w providers.Webhook, name string) bool {
	w.Header = w.Header.Clone()
	w.Header.Del(name)
	return d.Verify(w) != nil
}

func signatureChanged(t *testing.T, h Harness) {
	if fetches(h.Driver()) {
		t.Skip("the vendor calls nobody")
	}
	w := h.Say(t, Said{Kind: domain.KindText, Text: "one"})[0]
	for i := 0; i < len(w.Body); i += 7 {
		changed := w
		changed.Body = []byte(flip(string(w.Body), i))
		refused(t, h, fmt.Sprintf("byte %d changed", i), h.Driver().Verify(changed))
	}
	changed := w
	changed.Body = append(slices.Clone(w.Body), ' ')
	refused(t, h, "a space added", h.Driver().Verify(changed))
}

func flip(s string, i int) string { return s[:i] + string([]byte{s[i] ^ 1}) + s[i+1:] }

func handshake(t *testing.T, h Harness) {
	hs, ok := h.Driver().(providers.Handshaker)
	if !ok {
		t.Skip("the vendor knows no handshake")
	}
	for _, token := range []string{"", "wrong"} {
		_, err := hs.Handshake(url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {"1"}, "hub.verify_token": {token}})
		refused(t, h, "token "+token, err)
	}
}
