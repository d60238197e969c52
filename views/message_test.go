package views

import (
	"io"
	"strings"
	"testing"
	"time"

	"pult/domain"
)

var (
	sampleConversation = domain.ID{1, 1}
	sampleMessage      = domain.ID{1, 2}
	sampleOther        = domain.ID{1, 3}
	sampleFile         = domain.ID{1, 4}
	sampleRequest      = domain.RequestRef{ID: domain.ID{1, 5}, Code: "P-2041"}
	sampleContact      = domain.ID{1, 6}
	sampleChannel      = domain.ID{1, 7}
)

// sampleBubble is a plain message of the customer; change makes another one of it.
func sampleBubble(change func(m *MessageView)) MessageView {
	m := MessageView{
		ID: sampleMessage, ConversationID: sampleConversation, Key: LineKey(sampleNow, sampleMessage), At: sampleNow,
		From: "them", Kind: domain.KindText, Can: MessageCan{Reply: true, React: true},
	}
	change(&m)
	return m
}

func sampleMessageWith(kind domain.MessageKind, files ...AttachmentView) MessageView {
	return sampleBubble(func(m *MessageView) { m.Kind, m.Attachments = kind, files })
}

func sampleAttachment(show string) AttachmentView {
	return AttachmentView{
		Show:      show,
		State:     domain.FileStored,
		MessageID: sampleMessage,
		FileID:    sampleFile,
		Name:      "Bon de commande.pdf",
		Size:      212_000,
		Voice:     show == "audio",
	}
}

// sampleBubbles are all kinds of message in all their states.
func sampleBubbles() map[string]MessageView {
	return map[string]MessageView{
		"text": sampleBubble(func(m *MessageView) { m.Text = Linkify("Hello, see https://example.com or call +420 601 234 567") }),
		"large": sampleBubble(func(m *MessageView) {
			m.Text, m.Large, m.Forwarded, m.Edited = Linkify("👍"), true, true, true
			m.Reactions = []ReactionView{{Emoji: "❤️", Count: 1}, {Emoji: "👍", Count: 2, Ours: true}}
		}),
		"image":    sampleMessageWith(domain.KindImage, sampleAttachment("image"), sampleAttachment("image")),
		"sticker":  sampleMessageWith(domain.KindSticker, sampleAttachment("sticker")),
		"voice":    sampleMessageWith(domain.KindVoice, sampleAttachment("audio")),
		"video":    sampleMessageWith(domain.KindVideo, sampleAttachment("video")),
		"document": sampleMessageWith(domain.KindDocument, sampleAttachment("file")),
		"fetching": sampleMessageWith(domain.KindImage, AttachmentView{Show: "image", State: domain.FileFetching, Name: "A b.jpg"}),
		"failed file": sampleMessageWith(domain.KindImage, AttachmentView{
			Show: "image", State: domain.FileFailed, MessageID: sampleMessage, Name: "A b.jpg", Failure: "It is gone.",
		}),
		"location": sampleBubble(func(m *MessageView) {
			m.Location = &domain.Location{Latitude: 50.087, Longitude: 14.421, Name: "Staré Město", Address: "Praha 1"}
		}),
		"contacts": sampleBubble(func(m *MessageView) {
			m.Cards = []domain.ContactCard{{
				Name:         "Jana Dvořáková",
				Organisation: "Hotel Praha",
				Phones:       []string{"+420601234567"},
				Emails:       []string{"Jana@example.com"},
			}}
		}),
		"order": sampleBubble(func(m *MessageView) {
			m.Order = &OrderView{Text: "For Monday", Items: []OrderItemView{{Product: "Rohlík 60 g", Quantity: 20, Price: "3,50 CZK"}}}
		}),
		"choice": sampleBubble(func(m *MessageView) {
			m.Text = Linkify("Yes, please")
			m.Choice = &domain.Choice{Description: "Delivery on Monday", Fields: map[string]string{"day": "Monday 23"}}
		}),
		"referral": sampleBubble(func(m *MessageView) {
			m.Referral = &ReferralView{Headline: "Spring sale", Body: "Everything must go", Link: Linkify("https://example.com/sale")}
		}),
		"unsupported": sampleBubble(func(m *MessageView) { m.Unsupported = true }),
		"deleted":     sampleBubble(func(m *MessageView) { m.Deleted, m.Text = true, Linkify("Never mind") }),
		"filed": sampleBubble(func(m *MessageView) {
			m.Requests = []domain.RequestRef{sampleRequest}
			m.Text = Linkify("Is it there?")
		}),
		"quote": sampleBubble(func(m *MessageView) {
			m.Quote = &QuoteView{
				ConversationID: sampleConversation,
				ID:             sampleOther,
				Author:         "Laure Petit",
				Kind:           domain.KindText,
				Text:           "Which order?",
			}
		}),
		"quoted picture": sampleBubble(func(m *MessageView) {
			m.Quote = &QuoteView{ConversationID: sampleConversation, ID: sampleOther, Author: "Laure Petit", Kind: domain.KindImage}
		}),
		"quote missing": sampleBubble(func(m *MessageView) { m.Quote = &QuoteView{} }),
		"ours": sampleBubble(func(m *MessageView) {
			m.From, m.Author, m.Text = "us", "Laure Petit", Linkify("Dobrý den")
			m.Tick = &TickView{State: domain.StateRead, Icon: "check-check", Tone: "read", At: sampleNow}
		}),
		"phone": sampleBubble(func(m *MessageView) { m.From, m.Author, m.OnPhone = "us", "Hotel Praha", true }),
		"template": sampleBubble(func(m *MessageView) {
			m.From, m.Kind, m.Template, m.Buttons = "us", domain.KindTemplate, "delivery", []string{"Track the parcel"}
		}),
		"failed": sampleBubble(func(m *MessageView) {
			m.From, m.Failure = "us", &FailureView{Sentence: "It cannot be delivered.", Code: "131026"}
			m.Tick, m.Can.Retry = &TickView{State: domain.StateFailed, Icon: "circle-alert", Tone: "failed"}, true
		}),
		"waiting": sampleBubble(func(m *MessageView) {
			m.From, m.Wait = "us", &WaitView{Sentence: "The service does not answer.", Code: "503", Until: sampleNow}
			m.Tick = &TickView{State: domain.StateQueued, Icon: "clock", Tone: "pending"}
		}),
		"uncertain": sampleBubble(func(m *MessageView) {
			m.From, m.Failure = "us", &FailureView{Sentence: "Nobody knows."}
			m.Tick = &TickView{State: domain.StateUncertain, Icon: "circle-help", Tone: "uncertain"}
			m.Can.Retry, m.Can.MarkSent = true, true
		}),
		"activity": sampleBubble(func(m *MessageView) { m.Kind, m.Activity = domain.KindActivity, "Laure Petit took the conversation" }),
	}
}

func init() {
	for name, m := range sampleBubbles() {
		addSample("message "+name, func(v *Views, w io.Writer, lang string) error { return v.Message(w, lang, m) })
	}
	addSample("message changed", func(v *Views, w io.Writer, lang string) error {
		return v.MessageChanged(w, lang, sampleBubbles()["text"])
	})
	addSample("message lines", func(v *Views, w io.Writer, lang string) error { return v.Lines(w, lang, sampleLines()) })
	addSample("message older", func(v *Views, w io.Writer, lang string) error {
		return v.Older(w, lang, ThreadView{ConversationID: sampleConversation, Older: "abc", Lines: sampleLines()})
	})
	addSample("message newer", func(v *Views, w io.Writer, lang string) error {
		return v.Newer(w, lang, ThreadView{ConversationID: sampleConversation, Newer: "abc", Lines: sampleLines()})
	})
	addSample("message details", func(v *Views, w io.Writer, lang string) error {
		return v.MessageDetails(w, MessageDetails{
			Lang:       lang,
			ID:         sampleMessage,
			At:         sampleNow,
			VendorAt:   sampleNow,
			ReceivedAt: sampleNow,
			State:      domain.StateFailed,
			StateAt:    sampleNow,
			Author:     "Laure Petit",
			VendorID:   "wamid.A B",
			Edited:     []string{"First text"},
			SeeRaw:     true,
			Raw:        "{\n \"A\": 1 }",
			Detail:     "Not on WhatsApp",
			Attempts: []AttemptView{{
				Number:    1,
				StartedAt: sampleNow,
				Took:      time.Second,
				Outcome:   domain.StateFailed,
				Code:      "131026",
				Detail:    "Not on WhatsApp",
			}, {
				Number:    2,
				StartedAt: sampleNow,
			}},
		})
	})
	for name, requests := range map[string][]FilingRow{
		"":       {{ID: sampleRequest.ID, Code: sampleRequest.Code, Title: "Lost order", Filed: true}},
		" empty": nil,
	} {
		addSample("message filing"+name, func(v *Views, w io.Writer, lang string) error {
			return v.Filing(w, FilingView{Lang: lang, MessageID: sampleMessage, ConversationID: sampleConversation, Requests: requests})
		})
	}
}

func init() {
	addSample("message filing, next requests", func(v *Views, w io.Writer, lang string) error {
		return v.Filing(w, FilingView{
			Next: true,
			Lang: lang, MessageID: sampleMessage, ConversationID: sampleConversation, Before: sampleRequest.ID,
			Requests: []FilingRow{{ID: domain.ID{1, 11}, Code: "P-1987", Title: "Invoice of October"}},
		})
	})
}

func sampleLines() []LineView {
	text := sampleBubbles()["text"]
	after := AfterView{
		ConversationID: sampleConversation,
		MessageID:      sampleMessage,
		Key:            KeyAfter(text.Key),
		NoReply:        true,
		Selected:       sampleRequest,
		Filed:          true,
	}
	return []LineView{
		{Key: KeyBefore(sampleNow, 0), Day: &DayView{ID: "2026-11-20", At: sampleNow}},
		{Key: KeyBefore(sampleNow, 1), Unread: true},
		{Key: text.Key, Message: &text},
		{Key: after.Key, After: &after},
	}
}

func TestLineKeys_OrderTheThread(t *testing.T) {
	early, late := sampleNow, sampleNow.Add(time.Millisecond)
	keys := []string{
		KeyBefore(early, 0), KeyBefore(early, 1), LineKey(early, domain.ID{1}), KeyAfter(LineKey(early, domain.ID{1})),
		LineKey(early, domain.ID{2}), KeyBefore(late, 0), LineKey(late, domain.ID{1}),
	}
	for i := 1; i < len(keys); i++ {
		if keys[i-1] >= keys[i] {
			t.Errorf("key %q does not stand before %q", keys[i-1], keys[i])
		}
	}
}

func TestMessage_TextAlternatives(t *testing.T) {
	v := newViews(t)
	for name, want := range map[string]string{
		"ours":          `<span class="sr-only">Read</span>`,
		"failed":        `131026`,
		"image":         `alt="Bon de commande.pdf"`,
		"uncertain":     `action="/messages/` + sampleMessage.String() + `/mark-sent"`,
		"quote missing": "not available",
		"location":      "50.08700, 14.42100",
		"text":          `href="tel:&#43;420601234567"`,
		"fetching":      "being fetched",
		"failed file":   "/fetch",
	} {
		var out strings.Builder
		if err := v.Message(&out, "en", sampleBubbles()[name]); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), want) {
			t.Errorf("message %s: no %q in %s", name, want, out.String())
		}
	}
}

// A customer's place is never fetched from a foreign server by looking at it.
func TestMessage_LocationLoadsNothing(t *testing.T) {
	var out strings.Builder
	if err := newViews(t).Message(&out, "en", sampleBubbles()["location"]); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "<img") || !strings.Contains(out.String(), `rel="noopener noreferrer nofollow"`) {
		t.Errorf("got %s", out.String())
	}
}

// A text is passed over only when there is nothing to find in it.
func TestMayLink_PassesOverNothingThatIsFound(t *testing.T) {
	pieces := []string{"a", ".", "www", "WwW", "http", "s", ":", "//", "@", "+", "420 777 000 111", " ", "example", "com", "é", "3"}
	found := 0
	for i := range 20000 {
		var text string
		for n := i; n > 0; n /= len(pieces) {
			text += pieces[n%len(pieces)] + pieces[(n/7)%len(pieces)]
		}
		if linkable.MatchString(text) {
			found++
			if !mayLink(text) {
				t.Fatalf("%q is passed over", text)
			}
		}
	}
	if found < 100 || mayLink("Hello. How are you? ww.") {
		t.Errorf("%d texts have something to find: the test tries the wrong ones", found)
	}
}
