package mime

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// mediaType reads a Content-Type: type and subtype in lower case, and its parameters.
func mediaType(value string) (string, map[string]string) {
	kind, rest, _ := strings.Cut(value, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if !strings.Contains(kind, "/") || strings.ContainsAny(kind, " \"'<>") {
		kind = ""
	}
	return kind, parseParameters(rest)
}

// segment is one piece of a value that was split over several parameters.
type segment struct {
	number  int
	value   string
	escaped bool
}

// parseParameters reads "; name=value" lists in all the ways programs write them: quoted or not, split and escaped with
// a charset (name*0*=…), or with encoded words in the quotes, which is forbidden and common.
func parseParameters(s string) map[string]string {
	out := map[string]string{}
	split := map[string][]segment{}
	for _, pair := range splitOutside(s, ';') {
		name, value, ok := strings.Cut(pair, "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), unquoteValue(strings.TrimSpace(value))
		if !ok || name == "" || len(out)+len(split) > 50 {
			continue
		}
		base, mark, extended := strings.Cut(name, "*")
		if !extended {
			if _, known := out[name]; !known {
				out[name] = DecodeWords(value)
			}
			continue
		}
		number, _ := strconv.Atoi(strings.TrimSuffix(mark, "*"))
		split[base] = append(split[base], segment{number, value, mark == "" || strings.HasSuffix(mark, "*")})
	}
	for name, segments := range split {
		out[name] = joinSegments(segments)
	}
	return out
}

func joinSegments(list []segment) string {
	sort.SliceStable(list, func(i, j int) bool { return list[i].number < list[j].number })
	charset, bytes := "", []byte(nil)
	for i, s := range list {
		value := s.value
		if s.escaped {
			if parts := strings.SplitN(value, "'", 3); i == 0 && len(parts) == 3 {
				charset, value = parts[0], parts[2]
			}
			if plain, err := url.PathUnescape(value); err == nil {
				value = plain
			}
		}
		bytes = append(bytes, value...)
	}
	return OneLine(DecodeText(bytes, charset))
}

// splitOutside cuts at a separator that stands outside of quotes.
func splitOutside(s string, separator byte) (pieces []string) {
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == separator && !quoted:
			pieces = append(pieces, s[start:i])
			start = i + 1
		}
	}
	return append(pieces, s[start:])
}

// unquoteValue takes the quotes off a value and resolves its escapes. A backslash before a letter is kept: Windows
// programs write paths.
func unquoteValue(s string) string {
	if len(s) < 2 || s[0] != '"' {
		return s
	}
	s = strings.TrimSuffix(s[1:], `"`)
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
			i++
		}
		out.WriteByte(s[i])
	}
	return out.String()
}
