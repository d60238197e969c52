package mailhtml

import (
	"strings"

	nethtml "golang.org/x/net/html"
)

// properties are what an inline style may set: nothing that loads, moves over other parts or hides.
var properties = map[string]bool{
	"background-color": true,
	"border":           true,
	"border-bottom":    true,
	"border-collapse":  true,
	"border-color":     true,
	"border-left":      true,
	"border-radius":    true,
	"border-right":     true,
	"border-spacing":   true,
	"border-style":     true,
	"border-top":       true,
	"border-width":     true,
	"color":            true,
	"direction":        true,
	"font-family":      true,
	"font-size":        true,
	"font-style":       true,
	"font-weight":      true,
	"line-height":      true,
	"list-style-type":  true,
	"margin":           true,
	"margin-bottom":    true,
	"margin-left":      true,
	"margin-right":     true,
	"margin-top":       true,
	"max-width":        true,
	"padding":          true,
	"padding-bottom":   true,
	"padding-left":     true,
	"padding-right":    true,
	"padding-top":      true,
	"text-align":       true,
	"text-decoration":  true,
	"text-transform":   true,
	"vertical-align":   true,
	"white-space":      true,
	"width":            true,
}

// styleValue is what a property may be set to: words, lengths that are not negative, and colours. No other brackets, so
// that no function can be called; no backslash, so that none can be written in disguise.
var styleValue = newPattern(`(?i)^(rgba?\([0-9., %]{1,40}\)|[a-z0-9#%., ][a-z0-9#%., \-]{0,100})$`)

var negative = newPattern(`(^|[ ,])-[0-9.]`)

// parseStyle reads the declarations of an inline style; names are in lower case.
func parseStyle(style string) (list [][2]string) {
	for declaration := range strings.SplitSeq(style, ";") {
		name, value, ok := strings.Cut(declaration, ":")
		if !ok {
			continue
		}
		value = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		list = append(list, [2]string{strings.ToLower(strings.TrimSpace(name)), value})
	}
	return list
}

// safeStyle keeps the harmless declarations.
func safeStyle(style string) string {
	var out []string
	for _, d := range parseStyle(style) {
		name, value := d[0], strings.ReplaceAll(d[1], `"`, "")
		value = strings.ReplaceAll(value, "'", "")
		if name == "background" {
			name = "background-color"
		}
		if properties[name] && styleValue().MatchString(value) && !negative().MatchString(value) {
			out = append(out, name+": "+value)
		}
	}
	return strings.Join(out, "; ")
}

var zero = newPattern(`^0*(\.0+)?(px|pt|em|rem|%)?$`)

// isHidden reports whether an element and all in it was never meant to be seen: the preview line of a newsletter, or
// words for machines.
func isHidden(n *nethtml.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	for _, d := range parseStyle(attributeOf(n, "style")) {
		value := strings.ToLower(d[1])
		switch d[0] {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				return true
			}
		case "mso-hide":
			if value == "all" {
				return true
			}
		case "opacity", "font-size", "max-height", "max-width":
			if value != "" && zero().MatchString(value) {
				return true
			}
		}
	}
	return false
}

// isUnreadable reports whether the writing has the colour of its ground, as far as one element says both, or is white
// without saying the ground. It is drawn as the author wishes, but it is not text for machines.
func isUnreadable(n *nethtml.Node) bool {
	color, ground := "", ""
	for _, d := range parseStyle(attributeOf(n, "style")) {
		switch d[0] {
		case "color":
			color = plainColor(d[1])
		case "background-color", "background":
			ground = plainColor(d[1])
		}
	}
	if n.Data == "font" && color == "" {
		color = plainColor(attributeOf(n, "color"))
	}
	return color != "" && (color == ground || ground == "" && color == "white" && !onGround(n))
}

// onGround reports whether something around the element gives it a ground.
func onGround(n *nethtml.Node) bool {
	for ; n != nil; n = n.Parent {
		style := strings.ToLower(attributeOf(n, "style"))
		if attributeOf(n, "bgcolor") != "" || attributeOf(n, "background") != "" ||
			strings.Contains(style, "background") {
			return true
		}
	}
	return false
}

func plainColor(s string) string {
	switch s = strings.ReplaceAll(strings.ToLower(s), " ", ""); s {
	case "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)":
		return "white"
	}
	return s
}
