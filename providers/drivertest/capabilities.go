package drivertest

import (
	"context"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// testUndeclared goes through a Connection, where what a driver does not declare is refused before it is asked.
func testUndeclared(t *testing.T, h Harness) {
	channel := carrier.NewConnection(domain.Channel{}, h.Driver(), nil)
	before := h.Count(t)
	for _, bad := range []map[string]carrier.Outgoing{badKinds(h), badFiles(h)} {
		for name, m := range bad {
			_, err := channel.Send(context.Background(), m)
			checkClass(t, h, name, err, carrier.InvalidValue)
		}
	}
	if after := h.Count(t); after != before {
		t.Errorf("got %d messages at the vendor, want %d", after, before)
	}
}

// badKinds are messages of kinds and lengths that the channel does not carry.
func badKinds(h Harness) map[string]carrier.Outgoing {
	caps := h.Driver().Capabilities()
	bad := map[string]carrier.Outgoing{
		"kind":    newMessage(h, Message{Kind: domain.KindOrder}),
		"no text": newMessage(h, Message{Kind: domain.KindText}),
	}
	if !caps.Locations {
		bad["location"] = newMessage(h, Message{Kind: domain.KindLocation, Location: &domain.Location{Latitude: 50}})
	}
	if !caps.Cards {
		bad["cards"] = newMessage(h, Message{Kind: domain.KindContacts, Cards: []domain.ContactCard{{Name: "Claire"}}})
	}
	if !caps.Reactions {
		bad["reaction"] = newMessage(h, Message{Kind: domain.KindReaction, Target: "1", Emoji: "👍"})
	}
	if !caps.Templates {
		bad["template"] = newMessage(h, Message{Kind: domain.KindTemplate})
	}
	if caps.TextLength > 0 {
		bad["long text"] = newMessage(h, Message{Kind: domain.KindText, Text: longestText(caps.TextLength) + "x"})
	}
	return bad
}

// badFiles are messages with files of types and sizes that the channel does not carry.
func badFiles(h Harness) map[string]carrier.Outgoing {
	caps, bad := h.Driver().Capabilities(), map[string]carrier.Outgoing{}
	if _, any := caps.RuleFor("application/x-unheard-of"); !any {
		bad["file type"] = newMessage(h, Message{
			Kind: domain.KindDocument,
			MIME: "application/x-unheard-of",
			Data: []byte("x"),
		})
	}
	for _, rule := range caps.Files {
		m := newMessage(h, sampleFile(rule, exampleType(rule.MIME[0])))
		m.Media.Size = rule.MaxSize + 1
		bad["large "+rule.MIME[0]] = m
		if caps.CaptionLength > 0 {
			m = newMessage(h, sampleFile(rule, exampleType(rule.MIME[0])))
			m.Text = longestText(caps.CaptionLength) + "x"
			bad["long caption of "+rule.MIME[0]] = m
		}
	}
	return bad
}
