package domain_test

import (
	"testing"
	"time"

	"pult/domain"
)

func TestIsDue_BelievesNoTimeFurtherThanItsLongestWait(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		at   time.Time
		want bool
	}{
		"past":                   {now.Add(-time.Second), true},
		"now":                    {now, true},
		"within the wait":        {now.Add(time.Minute), false},
		"further than the wait":  {now.Add(time.Minute + time.Second), true},
		"a clock a year ahead":   {now.AddDate(1, 0, 0), true},
		"a clock a year behind":  {now.AddDate(-1, 0, 0), true},
		"the zero time: not set": {time.Time{}, true},
	} {
		if got := domain.IsDue(c.at, now, time.Minute); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestIsLong_ATimeThatIsStillToComeIsLongAgo(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		since time.Time
		want  bool
	}{
		"a moment ago":         {now.Add(-time.Second), false},
		"exactly":              {now.Add(-time.Minute), true},
		"long ago":             {now.AddDate(-1, 0, 0), true},
		"a clock a year ahead": {now.AddDate(1, 0, 0), true},
		"never":                {time.Time{}, true},
	} {
		if got := domain.IsLong(c.since, now, time.Minute); got != c.want {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
