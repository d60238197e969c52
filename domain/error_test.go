package domain_test

import (
	"fmt"
	"testing"

	"pult/domain"
)

func TestRefuse_KindSurvivesWrapping(t *testing.T) {
	err := fmt.Errorf("desk: %w", domain.Refuse(domain.Conflict, "error.x", "name", "Eva").Because(fmt.Errorf("cause")))
	if got := domain.KindOf(err); got != domain.Conflict {
		t.Errorf("got %s, want conflict", got)
	}
	if domain.KindOf(nil) != "" || domain.KindOf(fmt.Errorf("other")) != domain.Internal {
		t.Error("nil and foreign errors have the wrong kind")
	}
}
