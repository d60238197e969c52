package drivertest

import (
	"context"
	"slices"
	"testing"

	"pult/domain"
	"pult/domain/carrier"
)

// collectStatuses gives the statuses of a followed message.
func collectStatuses(t *testing.T, h Harness) (vendorID, ours string, all []carrier.InboundStatus) {
	t.Helper()
	m := newMessage(h, Message{Kind: domain.KindText, Text: "x"})
	r, err := h.Driver().Send(context.Background(), m)
	if err != nil {
		t.Fatalf("send: %v", err)
	}
	for _, w := range h.Follow(t, r.VendorID) {
		all = append(all, parseWebhook(t, h.Driver(), w).Statuses...)
	}
	return r.VendorID, m.ID.String(), all
}

func testStatuses(t *testing.T, h Harness) {
	vendorID, ours, all := collectStatuses(t, h)
	caps := h.Driver().Capabilities()
	states := map[domain.MessageState]bool{}
	for _, s := range all {
		about := s.VendorID == vendorID || !s.Until.IsZero() && s.VendorID == "" && s.Contact == h.Recipient()
		if !about || (s.Ours != "" && s.Ours != ours) || s.At.IsZero() || s.Account == "" {
			t.Errorf("got %+v, want it about %s, or about all that the customer got", s, vendorID)
		}
		states[s.State] = true
	}
	if caps.Delivered && !states[domain.StateDelivered] {
		t.Errorf("got %v, want delivered", states)
	}
	if caps.Read && !states[domain.StateRead] {
		t.Errorf("got %v, want read", states)
	}
}

func testStatusesReversed(t *testing.T, h Harness) {
	_, _, all := collectStatuses(t, h)
	end := func(list []carrier.InboundStatus) domain.MessageState {
		state := domain.StateSending
		for _, s := range list {
			if state.CanAdvanceTo(s.State) {
				state = s.State
			}
		}
		return state
	}
	forward := end(all)
	slices.Reverse(all)
	if backward := end(all); backward != forward || forward == domain.StateSending {
		t.Errorf("got %s forward and %s backward, want the same and more than sending", forward, backward)
	}
}
