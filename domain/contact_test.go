package domain_test

import (
	"testing"

	"pult/domain"
)

func TestContact_TitleIsTheBestThatIsKnown(t *testing.T) {
	c := domain.Contact{Identities: []domain.Identity{{Kind: domain.UserIdentity, Value: "CZ.1"}}}
	steps := []struct {
		change func()
		want   string
	}{
		{func() {}, "CZ.1"},
		{func() { c.Username = "anna" }, "@anna"},
		{func() { c.Learn(domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777111222"}) }, "+420777111222"},
		{func() { c.Name = "Anna" }, "Anna"},
	}
	for _, s := range steps {
		s.change()
		if got := c.Title(); got != s.want {
			t.Errorf("got %q, want %q", got, s.want)
		}
	}
	if c.Learn(domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777111222"}, domain.Identity{}) {
		t.Error("learned what was known, or nothing")
	}
}
