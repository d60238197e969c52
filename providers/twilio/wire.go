package twilio

import (
	"time"

	"pult/providers/wire"
)

// text is read with patience: error codes are numbers here, strings there, and null where there is none.
type text = wire.Text

// parseMoment reads the classic API's dates (RFC 2822); a missing or broken one is the zero time.
func parseMoment(t text) time.Time {
	at, err := time.Parse(time.RFC1123Z, string(t))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
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
