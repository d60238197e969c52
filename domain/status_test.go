package domain_test

import (
	"testing"

	"pult/domain"
)

func TestStatus_ClosedIsFinal(t *testing.T) {
	for _, to := range domain.ConversationStatuses {
		if domain.StatusClosed.CanBecome(to) {
			t.Errorf("closed became %s", to)
		}
		if to != domain.StatusNew && !domain.StatusNew.CanBecome(to) {
			t.Errorf("new cannot become %s", to)
		}
	}
	if domain.StatusOpen.CanBecome(domain.StatusNew) {
		t.Error("an operator made a conversation new")
	}
}
