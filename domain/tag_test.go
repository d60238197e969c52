package domain_test

import (
	"strings"
	"testing"

	"pult/domain"
)

func TestCleanTags_TrimsAndDropsRepeats(t *testing.T) {
	got := domain.CleanTags([]string{" hotel ", "Hotel", "", "dvě  slova", strings.Repeat("x", 100)})
	if len(got) != 3 || got[0] != "hotel" || got[1] != "dvě slova" || len([]rune(got[2])) != domain.MaxTag {
		t.Errorf("got %q", got)
	}
}
