package webchat_test

import (
	"context"
	"io"
	"strconv"
	"sync"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/providers/drivertest"
	"pult/providers/webchat"
)

func TestDriver(t *testing.T) {
	drivertest.Run(t, func(t *testing.T) drivertest.Harness {
		return &harness{page: &page{Driver: newDriver(t), shown: map[string]drivertest.Message{}}}
	})
}

// harness stands in for what is outside the driver. That is no vendor but the desk itself: the page where a visitor
// writes, and the stream that shows them what was sent.
type harness struct {
	page *page
	said int
}

// page is the driver with the visitor's page behind it: a message that the driver took is shown, one that is shown
// already is not shown again.
type page struct {
	*webchat.Driver

	mu    sync.Mutex
	shown map[string]drivertest.Message
}

func (p *page) Send(ctx context.Context, m carrier.Outgoing) (carrier.Receipt, error) {
	r, err := p.Driver.Send(ctx, m)
	if err != nil {
		return r, err
	}
	s := drivertest.Message{ID: r.VendorID, Kind: m.Kind, Text: m.Text}
	if m.Media != nil {
		f, err := m.Media.Open()
		if err != nil {
			return r, err
		}
		defer f.Close()
		s.Name, s.MIME = m.Media.Name, m.Media.MIME
		if s.Data, err = io.ReadAll(f); err != nil {
			return r, err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown[r.VendorID] = s
	return r, nil
}

func (h *harness) Driver() carrier.Driver { return h.page }

func (h *harness) Recipient() domain.Identity {
	return domain.Identity{Kind: domain.UserIdentity, Scope: channel.String(), Value: visitor.String()}
}

func (h *harness) Secrets() []string { return nil }

func (h *harness) Idempotent() {}

func (h *harness) Say(t testing.TB, s drivertest.Message) []carrier.Webhook {
	t.Helper()
	h.said++
	v := carrier.VisitorMessage{Visitor: visitor, ID: "message-" + strconv.Itoa(h.said), Name: "Žofie", Text: s.Text}
	switch {
	case s.Kind == domain.KindVoice, s.Location != nil, s.Cards != nil:
		t.Skip("the page has no way to say " + string(s.Kind))
	case s.Data != nil:
		v.Files = []carrier.VisitorFile{{ID: domain.ID{9}, Name: s.Name, MIME: s.MIME, Size: int64(len(s.Data))}}
	}
	return []carrier.Webhook{newDelivery(t, v)}
}

func (h *harness) Batch(t testing.TB, _ ...string) carrier.Webhook {
	t.Skip("the page tells one message at a time")
	return carrier.Webhook{}
}

func (h *harness) UnknownPart(t testing.TB) carrier.Webhook {
	t.Skip("the page is the desk's own and says nothing that the driver does not know")
	return carrier.Webhook{}
}

func (h *harness) UnknownEvent(t testing.TB) carrier.Webhook {
	t.Skip("the page tells no events by deliveries")
	return carrier.Webhook{}
}

func (h *harness) Received(t testing.TB, vendorID string) drivertest.Message {
	h.page.mu.Lock()
	defer h.page.mu.Unlock()
	s, ok := h.page.shown[vendorID]
	if !ok {
		t.Fatalf("the page shows no message %s", vendorID)
	}
	return s
}

func (h *harness) Count(testing.TB) int {
	h.page.mu.Lock()
	defer h.page.mu.Unlock()
	return len(h.page.shown)
}

func (h *harness) Follow(t testing.TB, _ string) []carrier.Webhook {
	t.Skip("the page tells the desk itself what was delivered and read")
	return nil
}

func (h *harness) Break(t testing.TB, _ drivertest.Fault) {
	t.Skip("there is nobody outside who could fail")
}
