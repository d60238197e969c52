package domain_test

import (
	"testing"

	"pult/domain"
)

func TestAdvances_NeverBackwardsAndProofOfDeliveryWins(t *testing.T) {
	order := []domain.MessageState{
		domain.StateQueued,
		domain.StateSending,
		domain.StateUncertain,
		domain.StateSent,
		domain.StateFailed,
		domain.StateDelivered,
		domain.StateRead,
		domain.StatePlayed,
	}
	for i, from := range order {
		for j, to := range order {
			if got := from.CanAdvanceTo(to); got != (j > i) {
				t.Errorf("%s to %s: got %v, want %v", from, to, got, j > i)
			}
		}
	}
	if domain.StateFailed.CanAdvanceTo(domain.StateTimedOut) {
		t.Error("one failure replaces another")
	}
}
