package drivertest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
)

// playCall plays a call of half a minute and gives what the desk was told of it.
func playCall(t *testing.T, h CallHarness, incoming bool) CallRecord {
	t.Helper()
	connectCall(t, h, incoming)
	h.Pass(30 * time.Second)
	h.HangUp(t, h.Customer())
	if c := h.Desk().CheckState(t, domain.CallEnded); c.Duration != 30*time.Second || c.AnsweredAt.IsZero() {
		t.Errorf("got %+v, want 30 seconds", c)
	}
	checkIdle(t, h, h.Agent(), h.Customer())
	return h.Desk().Record()
}

func testCallEchoes(t *testing.T, h CallHarness) {
	got := playCall(t, h, false)
	ours := h.Desk().CallRef(t, false).ID.String()
	for _, w := range got.Webhooks {
		if id, vendorID := h.Driver().IdentifyCall(w); id != ours || vendorID != "" {
			t.Errorf("got a webhook about %q and %q, want our %s", id, vendorID, ours)
		}
	}
	for _, n := range got.News {
		if n.Ours != ours || n.Incoming || n.Account == "" || n.Report.At.IsZero() || len(n.Raw) == 0 {
			t.Errorf("got %+v, want news of our call %s", n, ours)
		}
	}
}

// ranks say which state comes before which.
var ranks = map[domain.CallState]int{domain.CallDialling: 0, domain.CallRinging: 1, domain.CallAnswered: 2}

func stateRank(s domain.CallState) int {
	if s.IsOver() {
		return 3
	}
	return ranks[s]
}

// testCallOrder hears the news of a call in many orders, each twice over: it never goes back, and ends the same.
func testCallOrder(incoming bool) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		news := playCall(t, h, incoming).News
		id, want := h.Desk().onlyCall(t)
		for seed := range uint64(200) {
			order := slices.Concat(news, news)
			rand.New(rand.NewPCG(seed, 0)).
				Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			c := h.Desk().first[id]
			for _, n := range order {
				before := c.State
				c.Apply(n.Incoming, n.Report)
				if stateRank(c.State) < stateRank(before) {
					t.Fatalf("order %d: got from %s back to %s by %+v", seed, before, c.State, n.Report)
				}
			}
			if c.State != want.State || c.Duration != want.Duration {
				t.Fatalf("order %d: got %s of %v, want %s of %v", seed, c.State, c.Duration, want.State, want.Duration)
			}
		}
	}
}

// testCallFault plays a call at a vendor that tells things in another way: nobody is rung more often, and the end is
// the same.
func testCallFault(f Fault, incoming bool) func(*testing.T, CallHarness) {
	return func(t *testing.T, h CallHarness) {
		h.Break(t, f)
		playCall(t, h, incoming)
		if n := h.Count(); n != 2 {
			t.Errorf("got %d calls, want one for each telephone", n)
		}
	}
}

// testCallQuestions asks again, many at once, what was asked in a call.
func testCallQuestions(t *testing.T, h CallHarness) {
	for _, w := range playCall(t, h, true).Webhooks {
		now := carrier.CallSnapshot{Answered: true, Ring: []string{h.Agent()}}
		mime, want := h.Driver().AnswerCall(w, now)
		if mime == "" || want == "" {
			t.Errorf("got %q of type %q, want an answer", want, mime)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, got := h.Driver().AnswerCall(w, now); got != want {
					t.Errorf("got %q, and %q at first", got, want)
				}
			})
		}
		wg.Wait()
	}
}

func testCallGarbage(t *testing.T, h CallHarness) {
	try := func(what string, w carrier.Webhook) {
		b, err := h.Driver().Parse(w)
		h.Driver().IdentifyCall(w)
		h.Driver().AnswerCall(w, carrier.CallSnapshot{})
		for _, n := range b.Calls {
			if err == nil && n.Ours+n.VendorID == "" {
				t.Errorf("%s: got %+v", what, n)
			}
		}
	}
	for _, body := range garbage {
		try(fmt.Sprintf("%.20q", body), carrier.Webhook{Header: http.Header{}, Query: url.Values{}, Body: []byte(body)})
	}
	for _, w := range playCall(t, h, true).Webhooks {
		real := string(w.Body)
		for i := range len(real) {
			for _, body := range []string{real[:i], flipByte(real, i)} {
				w.Body = []byte(body)
				try(fmt.Sprintf("broken at byte %d", i), w)
			}
		}
	}
}

// testCallForged changes what the vendor asked and told, of a call we made and thus with our id in it.
func testCallForged(t *testing.T, h CallHarness) {
	webhooks := playCall(t, h, false).Webhooks
	ours := h.Desk().CallRef(t, false).ID.String()
	for _, w := range webhooks {
		if err := h.Driver().Verify(w); err != nil {
			t.Errorf("the vendor's own webhook: %v", err)
		}
		for name, forged := range forgeWebhooks(h.Driver(), w, ours) {
			checkRefused(t, h, name, h.Driver().Verify(forged))
		}
	}
}

// forgeWebhooks are webhooks that the vendor did not send.
func forgeWebhooks(d carrier.Driver, w carrier.Webhook, ours string) map[string]carrier.Webhook {
	bare, added, other := w, w, w
	bare.Header = http.Header{}
	added.Body = append(slices.Clone(w.Body), "&more=1"...)
	other.URL = strings.ReplaceAll(w.URL, ours, ids.New(epoch).String())
	out := map[string]carrier.Webhook{"no headers": bare, "more told": added, "another call": other}
	for i := 0; i < len(w.Body); i += 7 {
		changed := w
		changed.Body = []byte(flipByte(string(w.Body), i))
		out[fmt.Sprintf("byte %d changed", i)] = changed
	}
	for name := range w.Header {
		if value := w.Header.Get(name); isSignatureHeader(d, w, name) {
			changed := w
			changed.Header = w.Header.Clone()
			changed.Header.Set(name, value[:len(value)/2])
			out[name+" cut"] = changed
		}
	}
	return out
}
