package auth

import (
	"crypto/rand"
	"strings"
)

// RandomText is a text of 128 random bits that nobody guesses, in characters that survive any form: for addresses and
// tokens.
func RandomText() string { return strings.ToLower(rand.Text()) }
