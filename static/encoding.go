package static

import (
	"strconv"
	"strings"
)

// AcceptsEncoding reports whether the value of an Accept-Encoding header allows an answer in a content coding, such as
// "gzip" (RFC 9110, section 12.5.3). The coding's own entry decides; without one that of "*" does. A quality of zero
// refuses, and so does one that cannot be read. What the header does not mention is refused, except "identity", the
// answer as it is: that has to be refused expressly.
func AcceptsEncoding(header, coding string) bool {
	others := strings.EqualFold(coding, "identity")
	for entry := range strings.SplitSeq(header, ",") {
		name, parameters, _ := strings.Cut(entry, ";")
		switch name = strings.TrimSpace(name); {
		case strings.EqualFold(name, coding):
			return hasQuality(parameters)
		case name == "*":
			others = hasQuality(parameters)
		}
	}
	return others
}

// hasQuality reports whether the parameters of an entry leave it a quality above zero. Without q it is one.
func hasQuality(parameters string) bool {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		quality, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
		return err == nil && quality > 0 && quality <= 1
	}
	return true
}
