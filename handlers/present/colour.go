package present

import (
	"fmt"
	"math"
	"strconv"

	"pult/domain"
)

// ColourSheet writes a colour that domain has checked.
func ColourSheet(colour string) []byte {
	return fmt.Appendf(nil, ":root { --brand: %s; --brand-ink: %s; }\n", colour, InkOn(colour))
}

// The two inks of text on a chosen colour.
const (
	lightInk = "#ffffff"
	darkInk  = "#101615"
)

// InkOn is the ink that can be read better on a colour. One of the two always has a contrast of at least 4.5 to 1.
func InkOn(colour string) string {
	ground := measureLuminance(colour)
	light, dark := (1+0.05)/(ground+0.05), (ground+0.05)/(measureLuminance(darkInk)+0.05)
	if light >= 4.5 || light > dark { // white looks calmer wherever it can be read
		return lightInk
	}
	return darkInk
}

// measureLuminance measures the relative luminance of #rrggbb as WCAG 2.2 defines it; a text that is no colour counts
// as the default colour.
func measureLuminance(colour string) float64 {
	n, err := strconv.ParseUint(colour[min(1, len(colour)):], 16, 32)
	if err != nil || len(colour) != 7 {
		return measureLuminance(domain.DefaultChatColour)
	}
	linear := func(part uint64) float64 { // of the lowest byte, red, green or blue
		x := float64(part&0xff) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
