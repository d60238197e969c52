package domain

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// LegibleName is a name without what people choose to mislead or to hide: control characters and those that turn the
// direction around. A name of which nothing can be seen is "". The joiners of emoji and of some scripts stay.
func LegibleName(name string) string {
	const joiners = "\u200c\u200d"
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && !strings.ContainsRune(joiners, r):
			return -1
		}
		return r
	}, name)
	if strings.Trim(name, " "+joiners) == "" {
		return ""
	}
	return strings.TrimSpace(name)
}

// phoneNumber is a telephone number in E.164, as vendors take it.
var phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// ValidPhone reports whether a text is a telephone number in E.164: a plus sign, then 7 to 15 digits.
func ValidPhone(number string) bool { return phoneNumber.MatchString(number) }

// Day is the calendar day of a moment in a zone, as eight digits.
func Day(t time.Time, zone *time.Location) string { return t.In(zone).Format("20060102") }

// Clip cuts a text to at most n characters, marking the cut with an ellipsis.
func Clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return strings.TrimRight(string(r[:n-1]), " ") + "…"
}

// cleanText is a text with one kind of line break and no other control characters but the tabulator.
func cleanText(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, ""))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
