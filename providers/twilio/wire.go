package twilio

import (
	"encoding/json"
	"errors"
	"time"
)

// text is a JSON string that may also come as a number or null: error codes are numbers here and strings there. Any other shape
// is the empty text.
type text string

// UnmarshalJSON never fails: a field of a wrong shape must not cost the rest of the answer.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	switch {
	case len(b) == 0 || b[0] == '{' || b[0] == '[' || string(b) == "null":
		*t = ""
	case b[0] == '"':
		if json.Unmarshal(b, &s) == nil {
			*t = text(s)
		}
	default:
		*t = text(b)
	}
	return nil
}

// moment reads the classic API's dates (RFC 2822); a missing or broken one is the zero time.
func (t text) moment() time.Time {
	at, err := time.Parse(time.RFC1123Z, string(t))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// read decodes as much as fits: a field of an unexpected type is left empty instead of refusing the whole.
func read(raw []byte, v any) error {
	err := json.Unmarshal(raw, v)
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return nil
	}
	return err
}

// wireMessage is a message as the REST API tells it.
type wireMessage struct {
	SID       text `json:"sid"`
	Body      text `json:"body"`
	Direction text `json:"direction"`
	From      text `json:"from"`
	To        text `json:"to"`
	Status    text `json:"status"`
	ErrorCode text `json:"error_code"`
	ErrorText text `json:"error_message"`
	NumMedia  text `json:"num_media"`
	Created   text `json:"date_created"`
	Updated   text `json:"date_updated"`
	Sent      text `json:"date_sent"`
}

// wireError is an error's body, of the classic API and of the newer ones alike.
type wireError struct {
	Code    text `json:"code"`
	Message text `json:"message"`
}
