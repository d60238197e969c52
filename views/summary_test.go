package views

import (
	"io"
	"testing"
	"time"

	"pult/domain"
)

func sampleSummary() SummaryView {
	return SummaryView{
		Name: "Martin", Led: 23, Waiting: 4, First: 130 * time.Second,
		Longest: []WaitingView{
			{
				ID:    domain.ID{50},
				Name:  "Hôtel Bellevue",
				Kind:  domain.WhatsApp,
				Since: sampleNow.Add(-14 * time.Hour),
				For:   14 * time.Hour,
				Late:  true,
			},
			{
				ID:    domain.ID{51},
				Name:  "Jana Dvořáková",
				Kind:  domain.Messenger,
				Since: sampleNow.Add(-6 * time.Minute),
				For:   6 * time.Minute,
			},
		},
		Team: sampleTeam(),
	}
}

func sampleTeam() TeamView {
	return TeamView{
		Members: []TeammateView{{ID: domain.ID{52}, Name: "Laure Petit", Presence: domain.Away, Open: 2}},
		Others:  3,
	}
}

func init() {
	addSample("team", func(v *Views, w io.Writer, lang string) error { return v.Team(w, lang, sampleTeam()) })
	addSample("summary, busy", func(v *Views, w io.Writer, lang string) error { return v.Summary(w, lang, sampleSummary()) })
	addSample("summary, all done", func(v *Views, w io.Writer, lang string) error {
		return v.Summary(w, lang, SummaryView{Led: 5})
	})
	addSample("summary, a quiet day", func(v *Views, w io.Writer, lang string) error { return v.Summary(w, lang, SummaryView{}) })
}

func TestSummary_MeterIsFullWhenNobodyWaits(t *testing.T) {
	for name, c := range map[string]struct {
		s          SummaryView
		done, goal int
	}{
		"a quiet day":   {SummaryView{}, 1, 1},
		"all answered":  {SummaryView{Led: 5}, 5, 5},
		"work is left":  {SummaryView{Led: 3, Waiting: 1}, 3, 4},
		"just starting": {SummaryView{Waiting: 2}, 0, 2},
	} {
		if c.s.Done() != c.done || c.s.Goal() != c.goal {
			t.Errorf("%s: got %d of %d, want %d of %d", name, c.s.Done(), c.s.Goal(), c.done, c.goal)
		}
	}
}
