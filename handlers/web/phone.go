package web

import (
	"cmp"

	"github.com/labstack/echo/v4"
	"github.com/nyaruka/phonenumbers"
)

// ReadPhone reads the telephone number that the reader typed into a form. What cannot be read stays as it was typed, so
// that it is refused and can be corrected.
func ReadPhone(c echo.Context, typed string) string {
	return cmp.Or(ParsePhone(typed, Regions[Language(c)]), typed)
}

// Regions are the countries in which a number without one is read when the channel has no number of its own.
var Regions = map[string]string{"fr": "FR", "cs": "CZ", "en": "GB"}

// ParsePhone reads a telephone number as people write it; "" when the text is none that could be dialled.
func ParsePhone(text, region string) string {
	n, err := phonenumbers.Parse(text, region)
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)
}
