package drivertest

import (
	"context"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// undeclared goes through Channel, where what a driver does not declare is refused before it is asked.
func undeclared(t *testing.T, h Harness) {
	channel := carrier.NewConnection(h.Driver(), nil)
	before := h.Count(t)
	for _, bad := range []map[string]carrier.Outgoing{badKinds(h), badFiles(h)} {
		for name, m := range bad {
			_, err := channel.Send(context.Background(), m)
			class(t, h, name, err, carrier.InvalidValue)
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
		"kind":    message(h, Said{Kind: domain.KindOrder}),
		"no text": message(h, Said{Kind: domain.KindText}),
	}
	if !caps.Locations {
		bad["location"] = message(h, Said{Kind: domain.KindLocation, Location: &domain.Location{Latitude: 50}})
	}
	if !caps.Cards {
		bad["cards"] = message(h, Said{Kind: domain.KindContacts, Cards: []domain.ContactCard{{Name: "Claire"}}})
	}
	if !caps.Reactions {
		bad["reaction"] = message(h, Said{Kind: domain.KindReaction, Target: "1", Emoji: "👍"})
	}
	if !caps.Templates {
		bad["template"] = message(h, Said{Kind: domain.KindTemplate})
	}
	if caps.TextLength > 0 {
		bad["long text"] = message(h, Said{Kind: domain.KindText, Text: longest(caps.TextLength) + "x"})
	}
	return bad
}

// badFiles are messages with files of types and sizes that the channel does not carry.
func badFiles(h Harness) map[string]carrier.Outgoing {
	caps, bad := h.Driver().Capabilities(), map[string]carrier.Outgoing{}
	if _, any := caps.RuleFor("application/x-unheard-of"); !any {
		bad["file type"] = message(h, Said{Kind: domain.KindDocument, MIME: "application/x-unheard-of", Data: []byte("x")})
	}
	for _, rule := range caps.Files {
		m := message(h, sampleFile(rule, concrete(rule.MIME[0])))
		m.Media.Size = rule.MaxSize + 1
		bad["large "+rule.MIME[0]] = m
		if caps.CaptionLength > 0 {
			m = message(h, sampleFile(rule, concrete(rule.MIME[0])))
			m.Text = longest(caps.CaptionLength) + "x"
			bad["long caption of "+rule.MIME[0]] = m
		}
	}
	return bad
}
