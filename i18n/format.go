package i18n

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/nyaruka/phonenumbers"
)

// space keeps a number and its unit on one line.
const space = "\u00a0"

// Times given to the functions below are already in the reader's zone.

// Clock is the time of day: 14:05.
func (l *Localizer) Clock(t time.Time) string { return t.Format("15:04") }

// Date is a short date in figures: 20/11/2026, 20. 11. 2026.
func (l *Localizer) Date(t time.Time) string {
	if l.lang == "cs" { // the locale data leaves out the spaces that Czech wants
		return t.Format("2." + space + "1." + space + "2006")
	}
	return t.Format("02/01/2006")
}

// DateTime is exact: date, time with seconds and zone, for tooltips and logs.
func (l *Localizer) DateTime(t time.Time) string {
	return l.formatWords("format.date_time", t)
}

// Day is the heading of a day's messages: today, yesterday, or the day in words, with the year when it is another one.
func (l *Localizer) Day(t, now time.Time) string {
	switch daysBetween(t, now) {
	case 0:
		return l.T("format.today")
	case 1:
		return l.T("format.yesterday")
	}
	if t.Year() == now.Year() {
		return upperFirst(l.formatWords("format.day", t))
	}
	return upperFirst(l.formatWords("format.day_year", t))
}

// When is a moment as short as a table needs it: the clock today, yesterday in a word, the weekday within six days,
// else the date.
func (l *Localizer) When(t, now time.Time) string {
	switch days := daysBetween(t, now); {
	case days == 0:
		return l.Clock(t)
	case days == 1:
		return l.T("format.yesterday_short")
	case days > 1 && days <= 6:
		return l.format.WeekdayAbbreviated(t.Weekday())
	}
	return l.Date(t)
}

func (l *Localizer) formatWords(key string, t time.Time) string {
	return l.T(
		key,
		"Weekday",
		l.format.WeekdayWide(t.Weekday()),
		"Day",
		strconv.Itoa(t.Day()),
		"Month",
		l.format.MonthWide(t.Month()),
		"Year",
		strconv.Itoa(t.Year()),
		"Time",
		t.Format("15:04:05"),
		"Zone",
		t.Format("MST"),
	)
}

// daysBetween counts midnights from t to now, negative when t lies ahead. Days are compared by calendar, not by 24
// hours, because two days of a year are shorter and longer.
func daysBetween(t, now time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(now).Sub(day(t)) / (24 * time.Hour))
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// Duration is a length of time in at most two units, rounded down: 10 s, 2 min 10 s, 6 min, 23 h 46 min, 3 d 4 h.
// Seconds are told below five minutes only; beyond that nobody acts on them. A negative duration counts as none.
func (l *Localizer) Duration(d time.Duration) string {
	d = max(d, 0)
	days, hours := int(d/(24*time.Hour)), int(d/time.Hour)
	minutes, seconds := int(d/time.Minute), int(d/time.Second)
	switch {
	case minutes == 0:
		return l.formatUnit(seconds, "second")
	case minutes < 5:
		return l.formatUnits(minutes, "minute", seconds%60, "second")
	case hours == 0:
		return l.formatUnit(minutes, "minute")
	case days < 2:
		return l.formatUnits(hours, "hour", minutes%60, "minute")
	}
	return l.formatUnits(days, "day", hours%24, "hour")
}

func (l *Localizer) formatUnits(n int, big string, m int, small string) string {
	if m == 0 {
		return l.formatUnit(n, big)
	}
	return l.formatUnit(n, big) + space + l.formatUnit(m, small)
}

func (l *Localizer) formatUnit(n int, name string) string {
	return strconv.Itoa(n) + space + l.T("format.unit."+name)
}

// Bytes is the size of a file in the decimal units that file managers show: 212 kB, 1.4 MB.
func (l *Localizer) Bytes(n int64) string {
	switch {
	case n < 1000:
		return l.formatSize(float64(n), 0, "b")
	case n < 1000*1000:
		return l.formatSize(float64(n)/1e3, 0, "kb")
	case n < 1000*1000*1000:
		return l.formatSize(float64(n)/1e6, 1, "mb")
	}
	return l.formatSize(float64(n)/1e9, 1, "gb")
}

func (l *Localizer) formatSize(v float64, digits uint64, unit string) string {
	return l.format.FmtNumber(v, digits) + space + l.T("format.unit."+unit)
}

// Number is a whole number with the language's grouping: 12 345, 12,345.
func (l *Localizer) Number(n int) string { return l.format.FmtNumber(float64(n), 0) }

// Phone writes a number in E.164 as people read it, with its country: +420 601 234 567. Any other text stays as it is.
func (l *Localizer) Phone(e164 string) string {
	if !strings.HasPrefix(e164, "+") {
		return e164
	}
	n, err := phonenumbers.Parse(e164, "")
	if err != nil {
		return e164
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}
