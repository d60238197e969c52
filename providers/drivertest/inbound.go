package drivertest

import (
	"bytes"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
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

// longestText is a text of exactly the channel's limit, made of characters of three bytes.
func longestText(limit int) string {
	if limit == 0 {
		limit = 4096
	}
	return strings.Repeat("€", limit)
}

// isUncalled reports whether there are no webhooks of a vendor: the driver fetches what people said, or they say it on
// pages of the desk's own. No webhook is to be believed then.
func isUncalled(d carrier.Driver) bool {
	_, fetches := d.(carrier.Receiver)
	return fetches || d.Capabilities().Visitors
}

// asCarried is a text as the channel can carry it: letters know one kind of line break.
func asCarried(d carrier.Driver, text string) string {
	if d.Capabilities().Mail {
		return strings.ReplaceAll(text, "\r\n", "\n")
	}
	return text
}

// exampleType is a type that a rule allows.
func exampleType(mime string) string {
	if mime == "*/*" {
		return "application/pdf"
	}
	return mime
}

// parseWebhook verifies and parses a webhook, as the desk does.
func parseWebhook(t *testing.T, d carrier.Driver, w carrier.Webhook) carrier.Batch {
	t.Helper()
	if err := d.Verify(w); err != nil && !isUncalled(d) {
		t.Fatalf("Verify of the vendor's own webhook: %v", err)
	}
	b, err := d.Parse(w)
	if err != nil {
		t.Fatalf("Parse: %v\n%s", err, w.Body)
	}
	return b
}

// sayOne lets the customer say something and gives the one message it must become.
func sayOne(t *testing.T, h Harness, s Message) carrier.InboundMessage {
	t.Helper()
	var got []carrier.InboundMessage
	for _, w := range h.Say(t, s) {
		got = append(got, parseWebhook(t, h.Driver(), w).Messages...)
	}
	if len(got) != 1 {
		t.Fatalf("%s said: got %d messages, want 1", s.Kind, len(got))
	}
	m := got[0]
	// what is said on the desk's own page comes by the channel it is for
	known := m.Account != "" || h.Driver().Capabilities().Visitors
	if m.VendorID == "" || !known || m.At.IsZero() || len(m.Contact.Identities) == 0 || m.From != domain.ByCustomer ||
		len(m.Raw) == 0 {
		t.Fatalf("incomplete message: %+v", m)
	}
	return m
}

func testInboundTexts(t *testing.T, h Harness) {
	all := map[string]string{"longest": longestText(h.Driver().Capabilities().TextLength)}
	for name, text := range texts {
		all[name] = text
	}
	seen := map[string]bool{}
	for name, text := range all {
		m := sayOne(t, h, Message{Kind: domain.KindText, Text: text})
		if seen[m.VendorID] {
			t.Errorf("%s: id %s is that of another message", name, m.VendorID)
		}
		seen[m.VendorID] = true
		if m.Kind != domain.KindText || m.Text != asCarried(h.Driver(), text) {
			t.Errorf("%s: got %s %q, want text %q", name, m.Kind, m.Text, text)
		}
		if !slices.Contains(m.Contact.Identities, h.Recipient()) {
			t.Errorf("%s: identities %v lack %v", name, m.Contact.Identities, h.Recipient())
		}
	}
}

// sampleFile is a file of a type; its bytes need not be what the type promises.
func sampleFile(r carrier.FileRule, mime string) Message {
	return Message{
		Kind: r.Kind,
		Name: `žluťoučký "kůň".bin`,
		MIME: mime,
		Data: bytes.Repeat([]byte("file\x00\xff"), 3000),
	}
}

func testInboundFiles(t *testing.T, h Harness) {
	for _, rule := range h.Driver().Capabilities().Files {
		want := sampleFile(rule, exampleType(rule.MIME[0]))
		m := sayOne(t, h, want)
		if h.Driver().Capabilities().Mail {
			want.Kind = domain.KindText // files are enclosed, the letter is its text
		}
		if m.Kind != want.Kind || len(m.Attachments) != 1 {
			t.Errorf("%s: got %s with %d files, want %s with 1", rule.MIME[0], m.Kind, len(m.Attachments), want.Kind)
			continue
		}
		if a := m.Attachments[0]; !hasBytes(h.Driver(), a) || a.MIME != want.MIME {
			t.Errorf("%s: got attachment %+v", rule.MIME[0], a)
		}
	}
	if !h.Driver().Capabilities().Mail {
		t.Run("voice", func(t *testing.T) { testInboundVoice(t, h) })
	}
}

// hasBytes reports whether the bytes of a file can be had: from the vendor, or where visitors put it into the desk
// themselves.
func hasBytes(d carrier.Driver, a domain.Attachment) bool {
	if d.Capabilities().Visitors {
		return a.State == domain.FileStored && !a.FileID.IsZero()
	}
	return a.State == domain.FileFetching && a.VendorID != ""
}

func testInboundVoice(t *testing.T, h Harness) {
	m := sayOne(t, h, Message{Kind: domain.KindVoice, Name: "v.ogg", MIME: "audio/ogg", Data: []byte("OggS")})
	if m.Kind != domain.KindVoice || len(m.Attachments) != 1 || !m.Attachments[0].Voice {
		t.Errorf("voice message: got %s %+v", m.Kind, m.Attachments)
	}
}

func testInboundOthers(t *testing.T, h Harness) {
	t.Run("location", func(t *testing.T) { testInboundLocation(t, h) })
	t.Run("cards", func(t *testing.T) { testInboundCards(t, h) })
	t.Run("reaction", func(t *testing.T) { testInboundReaction(t, h) })
}

func testInboundLocation(t *testing.T, h Harness) {
	location := &domain.Location{
		Latitude:  50.0876,
		Longitude: -14.4213,
		Name:      "Kavárna",
		Address:   "Smetanovo nábřeží 2",
	}
	if m := sayOne(t, h, Message{
		Kind:     domain.KindLocation,
		Location: location,
	}); m.Location == nil || *m.Location != *location {
		t.Errorf("location: got %+v, want %+v", m.Location, location)
	}
}

func testInboundCards(t *testing.T, h Harness) {
	cards := []domain.ContactCard{{
		Name:         "Claire Moreau",
		Organisation: "Exemple SARL",
		Phones:       []string{"+33 6 12 34 56 78"},
		Emails:       []string{"claire@exemple.fr"},
	}}
	if m := sayOne(t, h, Message{Kind: domain.KindContacts, Cards: cards}); !reflect.DeepEqual(m.Cards, cards) {
		t.Errorf("cards: got %+v, want %+v", m.Cards, cards)
	}
}

func testInboundReaction(t *testing.T, h Harness) {
	if !h.Driver().Capabilities().Reactions {
		t.Skip("the channel knows no reactions")
	}
	first := sayOne(t, h, Message{Kind: domain.KindText, Text: "one"})
	for _, emoji := range []string{"👍", ""} {
		m := sayOne(t, h, Message{Kind: domain.KindReaction, Target: first.VendorID, Emoji: emoji})
		if m.Kind != domain.KindReaction || m.Target != first.VendorID || m.Emoji != emoji {
			t.Errorf("reaction: got %s %q on %q, want %q on %q", m.Kind, m.Emoji, m.Target, emoji, first.VendorID)
		}
	}
}

func testInboundReply(t *testing.T, h Harness) {
	if !h.Driver().Capabilities().Quotes {
		t.Skip("the channel knows no quotes")
	}
	first := sayOne(t, h, Message{Kind: domain.KindText, Text: "one"})
	if m := sayOne(t, h, Message{
		Kind:    domain.KindText,
		Text:    "two",
		ReplyTo: first.VendorID,
	}); m.ReplyTo != first.VendorID {
		t.Errorf("got reply to %q, want %q", m.ReplyTo, first.VendorID)
	}
}

func testInboundTwice(t *testing.T, h Harness) {
	for _, w := range h.Say(t, Message{Kind: domain.KindText, Text: "again"}) {
		first, second := parseWebhook(t, h.Driver(), w), parseWebhook(t, h.Driver(), w)
		if !reflect.DeepEqual(first, second) {
			t.Errorf("the same webhook parsed to\n%+v and\n%+v", first, second)
		}
	}
}

func testInboundBatch(t *testing.T, h Harness) {
	want := []string{"one", "two", "three"}
	var got, ids []string
	for _, m := range parseWebhook(t, h.Driver(), h.Batch(t, want...)).Messages {
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

func testInboundUnknownPart(t *testing.T, h Harness) {
	b := parseWebhook(t, h.Driver(), h.UnknownPart(t))
	if len(b.Messages) != 1 || b.Messages[0].Kind != domain.KindUnsupported || len(b.Messages[0].Raw) == 0 {
		t.Errorf("got %+v, want one unsupported message with its raw data", b.Messages)
	}
}

func testInboundUnknownEvent(t *testing.T, h Harness) {
	b := parseWebhook(t, h.Driver(), h.UnknownEvent(t))
	if len(b.Messages)+len(b.Statuses) != 0 || len(b.Unknown) != 1 {
		t.Errorf("got %+v, want one unknown part and nothing else", b)
	}
}

// garbage is what no vendor means.
var garbage = []string{
	"", "null", "[]", "{}", "7", `"x"`, "{", "\xff\xfe", `{"a":` + strings.Repeat("[", 20000), `{"object":{},"entry":7}`, "%zz=%", "a=b&&=c;",
}

func testInboundGarbage(t *testing.T, h Harness) {
	for _, body := range garbage {
		b, err := h.Driver().Parse(carrier.Webhook{Header: http.Header{}, Body: []byte(body)})
		if err == nil && len(b.Messages)+len(b.Statuses) > 0 {
			t.Errorf("%.20q: got %+v", body, b)
		}
	}
}

// testInboundBroken cuts and bends what the vendor really sends: whatever is read out of it has an id and an author.
func testInboundBroken(t *testing.T, h Harness) {
	for _, w := range h.Say(t, Message{Kind: domain.KindText, Text: "one"}) {
		whole := w.Body
		for i := 0; i < len(whole); i += 1 + len(whole)/200 {
			for _, body := range []string{string(whole[:i]), flipByte(string(whole), i)} {
				w.Body = []byte(body)
				b, err := h.Driver().Parse(w)
				for _, m := range b.Messages {
					if err == nil && (m.VendorID == "" || len(m.Contact.Identities) == 0) {
						t.Errorf("broken at byte %d: got %+v", i, m)
					}
				}
			}
		}
	}
}
