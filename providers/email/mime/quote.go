package mime

import (
	"regexp"
	"strings"

	"pult/domain/mailhtml"
)

// SplitText tells what the author of a plain letter wrote from what they quoted. Answers between the quoted lines keep
// them: without the questions they make no sense. When nothing would be left, everything is the author's.
func SplitText(text string) (own, quoted string) {
	lines := strings.Split(text, "\n")
	start, whole := quoteStart(lines)
	if start < 0 {
		return SplitSignature(strings.TrimSpace(text))
	}
	before := strings.TrimSpace(strings.Join(lines[:start], "\n"))
	rest := lines[start:]
	below := ""
	if !whole {
		below = inlineAnswers(rest)
	}
	switch {
	case before == "" && below == "":
		return strings.TrimSpace(text), ""
	case before == "":
		own, signature := SplitSignature(below)
		return own, JoinBlocks(signature, strings.TrimSpace(strings.Join(takeQuoted(rest), "\n")))
	case below != "":
		return strings.TrimSpace(text), ""
	}
	own, signature := SplitSignature(before)
	return own, JoinBlocks(signature, strings.TrimSpace(strings.Join(rest, "\n")))
}

// JoinBlocks puts blocks of text under each other with an empty line between; empty ones are left out.
func JoinBlocks(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n\n")
}

var (
	originalLine = regexp.MustCompile(
		`(?i)^[\s>]*-{3,}\s?(original message|původní zpráva|původní e-mail|message d['’]origine|message original|ursprüngliche nachricht)\s?-{3,}`,
	)
	orangeLine = regexp.MustCompile(`(?i)^>?\s*message du \d`)
	headLine   = regexp.MustCompile(
		`(?i)^[*\s>]*(from|sent|date|to|cc|subject|od|odesláno|datum|komu|kopie|předmět|de|envoyé|envoyé le|date d'envoi|à|a|objet|von|gesendet|an|betreff)[ \x{00a0}\x{202f}]*[*]?:`,
	)
	ruler = regexp.MustCompile(`^_{20,}\s*$`)
)

// quoteStart finds the line at which the quote begins, -1 when there is none. whole: everything after it is the quoted
// letter, not only the lines that begin with a mark.
func quoteStart(lines []string) (at int, whole bool) {
	for i, line := range lines {
		switch {
		case originalLine.MatchString(line):
			return i, true
		case orangeLine.MatchString(line):
			return i, !strings.HasPrefix(strings.TrimSpace(line), ">")
		case ruler.MatchString(line) && isHeadAt(lines, i+1), isHeadAt(lines, i):
			return i, true
		case strings.HasPrefix(line, ">"):
			return i, false
		}
		if n := attributionAt(lines, i); n > 0 {
			return i, !hasQuoteMark(lines[i+n:])
		}
	}
	return -1, false
}

// isHeadAt reports whether the head of a letter is repeated at a line: three lines of one in a row.
func isHeadAt(lines []string, i int) bool {
	found := 0
	for _, line := range lines[min(i, len(lines)):] {
		if strings.TrimSpace(line) == "" && found == 0 {
			continue
		}
		if !headLine.MatchString(line) {
			return false
		}
		if found++; found == 3 {
			return true
		}
	}
	return false
}

// attributionAt tells how many lines at i say who wrote what follows; programs break long ones in two or three.
func attributionAt(lines []string, i int) int {
	text := ""
	for n := 1; n <= 3 && i+n <= len(lines) && strings.TrimSpace(lines[i+n-1]) != ""; n++ {
		text = strings.TrimSpace(text + " " + strings.TrimSpace(lines[i+n-1]))
		if len(text) > 400 {
			return 0
		}
		if mailhtml.Attribution(text) {
			return n
		}
	}
	return 0
}

func hasQuoteMark(lines []string) bool {
	for _, line := range lines {
		if strings.HasPrefix(line, ">") {
			return true
		}
	}
	return false
}

// inlineAnswers is what stands between and below the quoted lines.
func inlineAnswers(lines []string) string {
	var out []string
	for i := 0; i < len(lines); i++ {
		if n := attributionAt(lines, i); n > 0 {
			i += n - 1
			continue
		}
		if !strings.HasPrefix(lines[i], ">") {
			out = append(out, lines[i])
		}
	}
	own, _ := cutSignature(strings.TrimSpace(strings.Join(out, "\n")))
	return own
}

// takeQuoted are the others.
func takeQuoted(lines []string) []string {
	var out []string
	for _, line := range lines {
		if strings.HasPrefix(line, ">") || mailhtml.Attribution(line) {
			out = append(out, line)
		}
	}
	return out
}

// device is the line telephones add.
var device = regexp.MustCompile(
	`(?i)^(sent from my |sent from outlook|get outlook for |odesláno z |odesláno ze |odesláno mobilním |envoyé de mon |envoyé depuis |envoyé à partir de |von meinem .* gesendet|gesendet von )`,
)

// signatureLines bounds how much below the line "-- " is taken for a signature.
const signatureLines = 15

// SplitSignature cuts the signature off, unless nothing would be left.
func SplitSignature(text string) (own, signature string) {
	if own, signature = cutSignature(text); own == "" {
		return text, ""
	}
	return own, signature
}

// cutSignature cuts off what stands below the line of two dashes, and the line that names the device.
func cutSignature(text string) (own, signature string) {
	lines := strings.Split(text, "\n")
	cut := len(lines)
	for i := len(lines) - 1; i >= max(0, len(lines)-signatureLines); i-- {
		if lines[i] == "-- " || lines[i] == "--" || lines[i] == "--\u00a0" {
			cut = i
			break
		}
	}
	for i := cut - 1; i > 0 && i >= cut-3; i-- {
		if device.MatchString(strings.TrimSpace(lines[i])) {
			cut = i
			break
		}
	}
	own = strings.TrimSpace(strings.Join(lines[:cut], "\n"))
	return own, strings.TrimSpace(strings.Join(lines[cut:], "\n"))
}
