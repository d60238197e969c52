package web

import (
	"github.com/nyaruka/phonenumbers"
)

// KeepTyped keeps what cannot be read as it was typed, to be refused and corrected.
func KeepTyped(number, typed string) string {
	if number == "" {
		return typed
	}
	return number
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
