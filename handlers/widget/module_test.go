package widget_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"pult/domain/carrier"
	"pult/internal/desktest"
	"pult/internal/webtest"
)

func TestModule_OffTakesWebhooksAndVisitorsIn(t *testing.T) {
	s := newShopDesk(t, nil)
	if err := s.Connections.SwitchChats(t.Context(), s.Eva, false); err != nil {
		t.Fatal(err)
	}
	from := desktest.Customer("Anna", "+420601234567")
	hook := desktest.Webhook(carrier.Batch{Messages: []carrier.InboundMessage{s.Text(s.Channel, from, "Dobrý den")}})
	r := httptest.NewRequest("POST", "/hooks/"+s.Channel.Key, bytes.NewReader(hook.Body))
	r.URL.Host, r.URL.Scheme, r.Host, r.RemoteAddr, r.Header = "", "", webtest.PublicHost, "198.51.100.7:1", hook.Header
	if w := s.do(r); w.Code != http.StatusOK {
		t.Errorf("webhook while off: got %d %s, want 200", w.Code, w.Body)
	}
	s.Settle()
	if got := len(s.Thread(s.With(s.Channel, from).ID)); got != 1 {
		t.Errorf("got %d messages, want the one that came while off", got)
	}
	if w := s.say(anna, s.NewID().String(), "Hello"); w.Code != http.StatusAccepted {
		t.Errorf("a visitor while off: got %d %s", w.Code, w.Body)
	}
}
