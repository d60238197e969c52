package wire

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What drivers read JSON of vendors with: a field of a wrong shape must not cost the rest of a message. Vendors write
// ids, times and codes as numbers in one webhook and as strings in the next, and nobody is told when that changes.

// Text is a JSON string that may also come as a number or a bare word; ids of 17 digits would lose their last ones as a
// float. Any other shape is the empty text.
type Text string

// UnmarshalJSON never fails: what it cannot read is the empty text.
func (t *Text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case len(b) == 0 || b[0] == '{' || b[0] == '[' || string(b) == "null":
		*t = ""
	case b[0] == '"':
		if json.Unmarshal(b, &s) == nil {
			*t = Text(s)
		}
	default:
		*t = Text(b)
	}
	return nil
}

// String is the text itself.
func (t Text) String() string { return string(t) }

// MaxUnixSeconds is the end of the last year that texts of times can name, in seconds since 1970: a later time could be
// written but not read again.
const MaxUnixSeconds = 253402300799

// Time reads a time: seconds since 1970, or milliseconds, which some senders of webhooks forget to divide. A missing or
// impossible time is the zero time.
func (t Text) Time() time.Time {
	n, err := strconv.ParseInt(string(t), 10, 64)
	switch {
	case err != nil || n <= 0 || n > MaxUnixSeconds*1000:
		return time.Time{}
	case n >= 1e12:
		return time.UnixMilli(n).UTC()
	case n > MaxUnixSeconds:
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// Number is a JSON number that may also come as a string; anything else is zero.
type Number float64

// UnmarshalJSON never fails: what it cannot read is zero.
func (n *Number) UnmarshalJSON(b []byte) error {
	var t Text
	_ = t.UnmarshalJSON(b)
	f, _ := strconv.ParseFloat(string(t), 64)
	*n = Number(f)
	return nil
}

// Count is the number of things it names; an absurd one is zero instead of an arbitrary one, cut to an integer.
func (n Number) Count() int {
	if n < 0 || n > 1e9 {
		return 0
	}
	return int(n)
}

// DecodeJSON decodes as much as fits: a field of an unexpected type is left empty instead of refusing the whole. It
// fails only for what is no JSON.
func DecodeJSON(raw []byte, v any) error {
	err := json.Unmarshal(raw, v)
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return nil
	}
	return err
}

// Summary lists the plain values of an object, sorted by name, for a person who reads the log of a channel.
func Summary(object map[string]json.RawMessage) string {
	var parts []string
	for name, raw := range object {
		var t Text
		if _ = t.UnmarshalJSON(raw); t != "" {
			parts = append(parts, name+"="+string(t))
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// PlainType drops the parameters of a media type: "audio/ogg; codecs=opus" is audio/ogg.
func PlainType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return strings.ToLower(strings.TrimSpace(s))
}
