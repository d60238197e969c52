package domain

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// WebChatSettings is what a shop decides about its web chat. It is kept in Channel.Settings, so that every driver's
// settings travel, are sealed and are backed up alike.
type WebChatSettings struct {
	Origins  []string            // of the pages that may show the panel, exactly as browsers write them
	Details  VisitorDetails      // what a visitor has to tell before an operator is asked
	Colour   string              // #rrggbb
	Left     bool                // the button stands at the left edge of the page instead of the right
	Greeting map[Language]string // first message by language; a language without one has the built-in text
	FollowUp map[Language]string // what is said after the details were given; as Greeting
}

// VisitorDetails names what visitors have to tell.
type VisitorDetails string

// The choices of details.
const (
	AskNothing VisitorDetails = "none"
	AskName    VisitorDetails = "name"
	AskEmail   VisitorDetails = "email"
	AskBoth    VisitorDetails = "both"
)

// AllVisitorDetails lists the choices in the order of a menu.
var AllVisitorDetails = []VisitorDetails{AskNothing, AskName, AskEmail, AskBoth}

// AsksName and Email tell what is asked for.
func (d VisitorDetails) AsksName() bool { return d == AskName || d == AskBoth }

// AsksEmail reports whether the mail address is asked for.
func (d VisitorDetails) AsksEmail() bool { return d == AskEmail || d == AskBoth }

// DefaultChatColour is the colour of a web chat whose shop chose none.
const DefaultChatColour = "#0b6b63"

// ChatTextLimit bounds a greeting or a follow-up in characters.
const ChatTextLimit = 600

// WebChatOf reads the settings of a channel. What is missing or unreadable has its default: a chat never breaks a
// shop's page.
func WebChatOf(c *Channel) WebChatSettings {
	w := WebChatSettings{
		Details:  VisitorDetails(c.Settings["details"]),
		Colour:   c.Settings["colour"],
		Left:     c.Settings["position"] == "left",
		Greeting: map[Language]string{},
		FollowUp: map[Language]string{},
	}
	w.Origins, _ = ParseOrigins(c.Settings["origins"])
	if !slices.Contains(AllVisitorDetails, w.Details) {
		w.Details = AskNothing
	}
	if !chatColour.MatchString(w.Colour) {
		w.Colour = DefaultChatColour
	}
	for _, l := range Languages {
		w.Greeting[l], w.FollowUp[l] = c.Settings["greeting_"+string(l)], c.Settings["follow_up_"+string(l)]
	}
	return w
}

var chatColour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Keep writes what the appearance page sets into a channel's settings; the origins have a field of their own. Invalid
// names the fields at fault, and nothing is written then.
func (w WebChatSettings) Keep(c *Channel) error {
	f := FieldErrors{}
	w.Colour = strings.ToLower(strings.TrimSpace(w.Colour))
	if !chatColour.MatchString(w.Colour) {
		f.Add("colour", "error.field.colour")
	}
	if !slices.Contains(AllVisitorDetails, w.Details) {
		f.Add("details", "error.field.choice")
	}
	texts := map[string]string{}
	for _, l := range Languages {
		texts["greeting_"+string(l)], texts["follow_up_"+string(l)] = strings.TrimSpace(
			w.Greeting[l],
		), strings.TrimSpace(
			w.FollowUp[l],
		)
	}
	for name, text := range texts {
		if len([]rune(text)) > ChatTextLimit {
			f.Add(name, "error.field.too_long")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	texts["colour"], texts["details"], texts["position"] = w.Colour, string(w.Details), "right"
	if w.Left {
		texts["position"] = "left"
	}
	for name, text := range texts {
		if c.Settings[name] = text; text == "" {
			delete(c.Settings, name)
		}
	}
	return nil
}

// ParseOrigins reads addresses of web sites, separated by spaces, commas or line ends. A whole address counts as the
// site it leads to; the second result is false when one of them leads to none.
func ParseOrigins(text string) (origins []string, ok bool) {
	ok = true
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\r\n,;", r) }) {
		origin := originOf(word)
		if origin == "" {
			ok = false
			continue
		}
		if !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	return origins, ok
}

// siteHost is a host as it stands in an origin: names in their ASCII form, numbers, or an IPv6 address in brackets.
var siteHost = regexp.MustCompile(`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(:[0-9]{1,5})?$`)

// originOf is the origin of an address in the form in which browsers write it; "" when the address has none.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	host := strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"https": ":443", "http": ":80"}[u.Scheme])
	if !siteHost.MatchString(host) {
		return ""
	}
	return u.Scheme + "://" + host
}
