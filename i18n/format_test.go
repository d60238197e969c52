package i18n_test

import (
	"testing"
	"time"

	"pult/i18n"
)

// the no-break spaces of the texts below, visible here only
const (
	nb = "\u00a0"
	nn = "\u202f"
)

func TestDates_AreWrittenAsTheLanguageDoes(t *testing.T) {
	prague, err := time.LoadLocation("Europe/Prague")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, prague)
	friday := time.Date(2026, 11, 20, 14, 5, 33, 0, prague)
	for _, c := range []struct{ lang, day, when, date, exact, lastYear string }{
		{"en", "Friday 20 November", "Fri", "20/11/2026", "20 November 2026, 14:05:33 CET", "Thursday 20 November 2025"},
		{"fr", "Vendredi 20 novembre", "ven.", "20/11/2026", "20 novembre 2026, 14:05:33 CET", "Jeudi 20 novembre 2025"},
		{"cs", "Pátek 20." + nb + "listopadu", "pá", "20." + nb + "11." + nb + "2026", "20." + nb + "listopadu 2026, 14:05:33 CET", "Čtvrtek 20." + nb + "listopadu 2025"},
	} {
		l := i18n.For(c.lang)
		checkEqual(t, c.lang+" Day", l.Day(friday, now), c.day)
		checkEqual(t, c.lang+" When", l.When(friday, now), c.when)
		checkEqual(t, c.lang+" Date", l.Date(friday), c.date)
		checkEqual(t, c.lang+" DateTime", l.DateTime(friday), c.exact)
		checkEqual(t, c.lang+" Day of another year", l.Day(friday.AddDate(-1, 0, 0), now), c.lastYear)
	}
}

func TestWhen_ChoosesTheShortestFormThatIsClear(t *testing.T) {
	now := time.Date(2026, 11, 22, 0, 10, 0, 0, time.UTC)
	for _, c := range []struct {
		at         time.Time
		when, name string
	}{
		{now.Add(-5 * time.Minute), "00:05", "Today"},
		{now.Add(-20 * time.Minute), "yesterday", "Yesterday"},
		{now.AddDate(0, 0, -6), "Mon", "Monday 16 November"},
		{now.AddDate(0, 0, -7), "15/11/2026", "Sunday 15 November"},
		{now.AddDate(0, 0, 1), "23/11/2026", "Monday 23 November"},
	} {
		checkEqual(t, "When", i18n.For("en").When(c.at, now), c.when)
		checkEqual(t, "Day", i18n.For("en").Day(c.at, now), c.name)
	}
}

// On the night the clock goes forward a day has 23 hours; the evening before is still yesterday.
func TestWhen_CountsCalendarDaysAcrossDaylightSaving(t *testing.T) {
	prague, err := time.LoadLocation("Europe/Prague")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 30, 0, 30, 0, 0, prague)
	checkEqual(t, "When", i18n.For("en").When(time.Date(2026, 3, 29, 0, 15, 0, 0, prague), now), "yesterday")
	checkEqual(t, "When", i18n.For("en").When(time.Date(2026, 3, 28, 23, 45, 0, 0, prague), now), "Sat")
}

func TestDuration_HasAtMostTwoUnits(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{-time.Second, "0" + nb + "s"},
		{10 * time.Second, "10" + nb + "s"},
		{130 * time.Second, "2" + nb + "min" + nb + "10" + nb + "s"},
		{4 * time.Minute, "4" + nb + "min"},
		{6*time.Minute + 50*time.Second, "6" + nb + "min"},
		{23*time.Hour + 46*time.Minute, "23" + nb + "h" + nb + "46" + nb + "min"},
		{76 * time.Hour, "3" + nb + "j" + nb + "4" + nb + "h"},
	} {
		checkEqual(t, c.d.String(), i18n.For("fr").Duration(c.d), c.want)
	}
}

func TestNumbers_AreWrittenAsTheLanguageDoes(t *testing.T) {
	for _, c := range []struct{ lang, number, kilo, mega string }{
		{"en", "12,345", "212" + nb + "kB", "1.4" + nb + "MB"},
		{"fr", "12" + nn + "345", "212" + nb + "Ko", "1,4" + nb + "Mo"},
		{"cs", "12" + nb + "345", "212" + nb + "kB", "1,4" + nb + "MB"},
	} {
		l := i18n.For(c.lang)
		checkEqual(t, c.lang+" Number", l.Number(12345), c.number)
		checkEqual(t, c.lang+" Bytes", l.Bytes(212_345), c.kilo)
		checkEqual(t, c.lang+" Bytes", l.Bytes(1_400_000), c.mega)
	}
}

func TestPhone_IsGroupedOrLeftAlone(t *testing.T) {
	for in, want := range map[string]string{
		"+420601234567": "+420 601 234 567",
		"+33612345678":  "+33 6 12 34 56 78",
		"@jana":         "@jana",
		"+":             "+",
		"":              "",
	} {
		checkEqual(t, in, i18n.For("cs").Phone(in), want)
	}
}

func checkEqual(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
