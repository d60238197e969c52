package engagelab

import (
	"encoding/json"

	"pult/domain/carrier"
)

// longestEcho bounds what is given back, in bytes; the console's texts have about six.
const longestEcho = 256

// Answer gives a text back with which the console tries an address before it keeps it. Nothing else is ever echoed, and
// only plain letters and digits: the answer to a stranger must not say what the stranger wants.
func (d *Driver) Answer(w carrier.Webhook) (mime, body string) {
	var trial struct {
		Echo string `json:"echostr"`
	}
	if json.Unmarshal(w.Body, &trial) != nil || !isPlain(trial.Echo) {
		return "", ""
	}
	return "text/plain; charset=utf-8", trial.Echo
}

func isPlain(s string) bool {
	if s == "" || len(s) > longestEcho {
		return false
	}
	for _, c := range []byte(s) {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}
