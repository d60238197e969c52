package static

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The pairs of colours that components lay on each other, with the contrast WCAG AA asks for.
var pairs = []struct {
	front string
	backs string // separated by spaces
	least float64
}{
	{"ink", "paper raised desk sunken hover brand-soft brand-soft-2 note mark red-soft phone-theirs phone-ours", 4.5},
	{"ink-2", "paper raised desk sunken hover brand-soft note red-soft phone-theirs phone-ours", 4.5},
	{"ink-3", "paper raised desk sunken hover brand-soft note red-soft", 4.5},
	{"brand-text", "paper raised desk brand-soft brand-soft-2", 4.5},
	{"brand-ink", "brand brand-hover", 4.5},
	{"amber", "paper raised desk hover brand-soft amber-soft", 4.5},
	{"red", "paper raised desk hover brand-soft red-soft", 4.5},
	{"green", "paper raised green-soft", 4.5},
	{"blue", "paper raised blue-soft", 4.5},
	{"violet", "paper raised violet-soft", 4.5},
	{"toast-ink", "toast", 4.5},
	{"toast-link", "toast", 4.5},
	{"red-fill-ink", "red-fill", 4.5},
	{"phone-bar-ink", "phone-bar", 4.5},
	{"edge", "paper raised desk", 3},
	{"brand", "paper raised desk hover brand-soft", 3},
	{"read", "paper brand-soft hover", 3},
	{"online", "paper desk", 3},
	{"away", "paper desk", 3},
	{"offline", "paper desk", 3},
	{"knob", "edge", 3},
}

func TestTokens_Contrast(t *testing.T) {
	css := readSheets(t)["tokens.css"]
	for theme, night := range map[string]bool{"day": false, "night": true} {
		for _, pair := range pairs {
			for back := range strings.FieldsSeq(pair.backs) {
				got := contrastRatio(readColour(t, css, pair.front, night), readColour(t, css, back, night))
				if got < pair.least {
					t.Errorf("%s: --%s on --%s: got %.2f, want at least %.1f", theme, pair.front, back, got, pair.least)
				}
			}
		}
	}
}

// readColour reads a token written as light-dark(#day, #night) or as one colour for both, and returns its relative
// luminance.
func readColour(t *testing.T, css, token string, night bool) float64 {
	t.Helper()
	line := regexp.MustCompile(`--` + token + `: ([^;]*);`).FindStringSubmatch(css)
	if line == nil {
		t.Fatalf("tokens.css has no --%s", token)
	}
	values := regexp.MustCompile(`#([0-9a-f]{6})\b`).FindAllStringSubmatch(line[1], -1)
	if len(values) == 0 {
		t.Fatalf("--%s: got %q, want colours of six digits", token, line[1])
	}
	value := values[0]
	if night {
		value = values[len(values)-1]
	}
	return readLuminance(t, value[1])
}

func readLuminance(t *testing.T, digits string) float64 {
	t.Helper()
	total := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		part := float64(n) / 255
		if part <= 0.04045 {
			total += weight * part / 12.92
			continue
		}
		total += weight * math.Pow((part+0.055)/1.055, 2.4)
	}
	return total
}

func contrastRatio(a, b float64) float64 {
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}
