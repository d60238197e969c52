package mime

import (
	"regexp"
	"strings"

	"pult/domain"
)

// maxAddresses bounds how many mailboxes of one field are read.
const maxAddresses = 200

// ParseMailboxes reads the addresses of a field as lenient as mail programs: names with commas, groups, comments,
// encoded words in quotes. What holds no address is left out.
func ParseMailboxes(values ...string) (list []domain.MailAddress) {
	for _, value := range values {
		for _, piece := range splitMailboxes(value) {
			if a, ok := parseMailbox(piece); ok && len(list) < maxAddresses {
				list = append(list, a)
			}
		}
	}
	return list
}

// splitMailboxes cuts at commas and semicolons outside of quotes, angle brackets and comments; the name of a group
// goes.
func splitMailboxes(s string) (pieces []string) {
	quoted, angle, comment, start := false, false, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"' && comment == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			comment++
		case c == ')' && comment > 0:
			comment--
		case comment > 0:
		case c == '<':
			angle = true
		case c == '>':
			angle = false
		case angle:
		case c == ',' || c == ';':
			pieces, start = append(pieces, s[start:i]), i+1
		case c == ':':
			start = i + 1
		}
	}
	return append(pieces, s[min(start, len(s)):])
}

// plainAddress finds an address in a text.
var plainAddress = regexp.MustCompile(`[^\s<>()",;:\\]+@[^\s<>()",;:\\]+`)

func parseMailbox(s string) (domain.MailAddress, bool) {
	if open := strings.LastIndex(s, "<"); open >= 0 {
		inside, _, _ := strings.Cut(s[open+1:], ">")
		address := plainAddress.FindString(inside)
		return domain.MailAddress{Name: displayName(s[:open]), Address: address}, address != ""
	}
	address := plainAddress.FindString(s)
	if address == "" {
		return domain.MailAddress{}, false
	}
	_, comment, _ := strings.Cut(s, "(")
	return domain.MailAddress{
		Name:    displayName(strings.TrimSuffix(strings.TrimSpace(comment), ")")),
		Address: address,
	}, true
}

func displayName(s string) string {
	return domain.Clip(strings.Trim(DecodeWords(unquoteValue(strings.TrimSpace(s))), `"' `), 200)
}

// bracketed is an id of a letter as heads write it.
var bracketed = regexp.MustCompile(`<\s*([^<>\s]+)\s*>`)

// MessageIDs reads the ids of a field, without brackets. Some programs forget the brackets.
func MessageIDs(value string) (ids []string) {
	for _, m := range bracketed.FindAllStringSubmatch(value, 200) {
		ids = append(ids, CleanText(m[1]))
	}
	if len(ids) == 0 {
		for _, word := range strings.Fields(value) {
			if strings.Contains(word, "@") && len(word) < 500 {
				ids = append(ids, CleanText(strings.Trim(word, "<>,;")))
			}
		}
	}
	return ids
}

func FirstID(value string) string {
	if ids := MessageIDs(value); len(ids) > 0 {
		return ids[0]
	}
	return ""
}
