package twilio

import (
	"encoding/xml"
	"strconv"
	"time"
)

// twiml is a verb of the vendor's markup, or a noun in it.
type twiml struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []twiml    `xml:",any"`
}

func (t twiml) name() string { return t.XMLName.Local }

func (t twiml) attribute(name string) string {
	for _, a := range t.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (t twiml) seconds(name string, otherwise int) time.Duration {
	return parseSeconds(t.attribute(name), otherwise)
}

func parseSeconds(text string, otherwise int) time.Duration {
	n, err := strconv.Atoi(text)
	if err != nil {
		n = otherwise
	}
	return time.Duration(n) * time.Second
}

// parseProgram reads what a call is to do; nil and false when it is no markup.
func parseProgram(markup []byte) ([]twiml, bool) {
	var response twiml
	err := xml.Unmarshal(markup, &response)
	return response.Children, err == nil && response.name() == "Response"
}

// redirectTo is a program that goes on elsewhere.
func redirectTo(address string) []twiml {
	return []twiml{{XMLName: xml.Name{Local: "Redirect"}, Text: address}}
}
