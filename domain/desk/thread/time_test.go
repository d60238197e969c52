package thread_test

import (
	"testing"
	"time"

	"pult/domain/desk/thread"
)

var now = time.Date(2026, 11, 20, 9, 0, 0, 300e6, time.UTC)

func TestClampVendorTime_NeverAheadAndNeverMissing(t *testing.T) {
	for name, c := range map[string]struct{ vendor, want time.Time }{
		"missing":     {time.Time{}, now},
		"ahead":       {now.Add(time.Millisecond), now},
		"a far year":  {time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC), now},
		"now":         {now, now},
		"before":      {now.Add(-time.Hour), now.Add(-time.Hour)},
		"another day": {now.AddDate(0, 0, -30), now.AddDate(0, 0, -30)},
	} {
		if got := thread.ClampVendorTime(c.vendor, now); !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestTimeInThread_EndOfItsSecondUnlessThatLiesAhead(t *testing.T) {
	second := now.Truncate(time.Second)
	for name, c := range map[string]struct{ vendor, want time.Time }{
		"this second":     {second, now},
		"now":             {now, now},
		"the one before":  {second.Add(-time.Second), second.Add(-time.Millisecond)},
		"within a second": {second.Add(-700 * time.Millisecond), second.Add(-time.Millisecond)},
		"an hour ago":     {second.Add(-time.Hour), second.Add(-time.Hour + 999*time.Millisecond)},
		"ahead":           {now.Add(time.Hour), now},
	} {
		if got := thread.TimeInThread(c.vendor, now); !got.Equal(c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}
