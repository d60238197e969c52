package domain

import "strings"

// The alphabet of text messages, GSM 03.38. Each letter of the extension takes two places. Anything else makes the whole message
// UCS-2. static/js/segments.js has the same table; testdata/segments.json holds both to the same results.
const (
	gsmBasic     = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// How many places one part of a text message has: alone, and as one of several, where the order takes some of them.
const (
	gsmAlone, gsmPart   = 160, 153
	ucs2Alone, ucs2Part = 70, 67
)

// SegmentCount is how a text is cut into the parts that telephone networks carry and charge for.
type SegmentCount struct {
	Segments int  `json:"segments"` // 0 for no text
	Used     int  `json:"used"`     // places taken, those left empty before a letter of two included
	Room     int  `json:"room"`     // places of all parts together; for no text those of one
	Unicode  bool `json:"unicode"`  // a letter outside the alphabet makes all of it cost more than twice as much
}

// Segments counts the parts of a text message. A letter of two places, or of two UTF-16 units, is never cut in two.
func Segments(text string) SegmentCount {
	widths, unicode := places(text)
	alone, part := gsmAlone, gsmPart
	if unicode {
		alone, part = ucs2Alone, ucs2Part
	}
	total := 0
	for _, w := range widths {
		total += w
	}
	switch {
	case total == 0:
		return SegmentCount{Room: alone}
	case total <= alone:
		return SegmentCount{Segments: 1, Used: total, Room: alone, Unicode: unicode}
	}
	n, used := 1, 0
	for _, w := range widths {
		if used+w > part {
			n, used = n+1, 0
		}
		used += w
	}
	return SegmentCount{Segments: n, Used: (n-1)*part + used, Room: n * part, Unicode: unicode}
}

// places is how many places each letter takes, in the alphabet if it has them all, else in UTF-16.
func places(text string) (widths []int, unicode bool) {
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			widths = append(widths, 1)
		case strings.ContainsRune(gsmExtension, r):
			widths = append(widths, 2)
		default:
			return utf16Places(text), true
		}
	}
	return widths, false
}

func utf16Places(text string) (widths []int) {
	for _, r := range text {
		w := 1
		if r > 0xFFFF {
			w = 2
		}
		widths = append(widths, w)
	}
	return widths
}
