package email

import (
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"pult/providers/email/mime"
)

// loopHeader is on everything this desk sends, with the address of the channel: mail that has it comes from a desk.
const loopHeader = "X-Pult-Loop"

// maxReceived is how many servers a letter passes at most; one that passed more runs in circles.
const maxReceived = 50

// mechanical are fields that only machines write, whatever stands in them.
var mechanical = []string{
	"List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "X-Campaign", "X-CampaignID", "X-Campaign-Id",
	"X-Auto-Response-Suppress", "X-Failed-Recipients",
	"X-Loop", loopHeader,
}

// unlessNo are fields that say "no" for letters of people.
var unlessNo = []string{
	"Auto-Submitted",
	"X-Autoreply",
	"X-Autorespond",
	"X-Autoresponder",
	"X-Autoresponse",
	"X-Auto-Reply-From",
}

var (
	bulk  = []string{"bulk", "junk", "list", "auto_reply"}
	robot = regexp.MustCompile(
		`(?i)^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|donotreply|ne-?pas-?repondre|neodpovidat|neodpovidejte|nepodrobovat|noreply[+._-].*|bounces?([+._-].*)?)$`,
	)
	daemon      = regexp.MustCompile(`(?i)^(mailer-daemon|postmaster|mail-daemon)$`)
	autoSubject = regexp.MustCompile(
		`(?i)^\s*(automatic reply|automatická odpověď|réponse automatique|out of office|mimo kancelář|absence du bureau|automatische antwort)\s*:?`,
	)
)

// automaticHeader says why a letter counts as written by a machine: the name of the header that tells; "" = a person
// wrote it. Any one sign is enough, but for the subject, which people write as well.
func automaticHeader(h mime.Header, sender string) string {
	for _, name := range unlessNo {
		if value, _, _ := strings.Cut(h.Get(name), ";"); h.Has(name) &&
			!strings.EqualFold(strings.TrimSpace(value), "no") {
			return name
		}
	}
	for _, name := range []string{"Precedence", "X-Precedence"} {
		if slices.Contains(bulk, strings.ToLower(h.Get(name))) {
			return name
		}
	}
	for _, name := range mechanical {
		if h.Has(name) {
			return textproto.CanonicalMIMEHeaderKey(name)
		}
	}
	local, _, _ := strings.Cut(sender, "@")
	switch {
	case hasNullPath(h):
		return "Return-Path"
	case strings.EqualFold(h.Get("Delivered-To"), "autoresponder"):
		return "Delivered-To"
	case strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "multipart/report"):
		return "Content-Type"
	case robot.MatchString(local):
		return "From"
	case len(h.All("Received")) > maxReceived:
		return "Received"
	}
	return ""
}

// hasNullPath tells a letter that nobody can answer: only reports are sent so.
func hasNullPath(h mime.Header) bool {
	return strings.ReplaceAll(h.Get("Return-Path"), " ", "") == "<>"
}

// isUnverified reports whether our own server could not confirm that the letter comes from whom it says. Only the
// topmost result is its own; those below came with the letter.
func isUnverified(h mime.Header) bool {
	result := strings.ToLower(h.Get("Authentication-Results"))
	if result == "" {
		return false
	}
	switch authResult(result, "dmarc") {
	case "pass":
		return false
	case "fail":
		return true
	}
	spf, dkim := authResult(result, "spf"), authResult(result, "dkim")
	return (spf == "fail" || spf == "softfail") && dkim != "pass"
}

// authResult is the result of one method; of several signatures one that holds is enough.
func authResult(results, method string) (found string) {
	for piece := range strings.SplitSeq(results, ";") {
		value, ok := strings.CutPrefix(strings.TrimSpace(piece), method+"=")
		if !ok {
			continue
		}
		value = strings.FieldsFunc(value+" ", func(r rune) bool { return r == ' ' || r == '(' })[0]
		if found == "" || value == "pass" {
			found = value
		}
	}
	return found
}
