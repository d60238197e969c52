package cloudapi

import (
	"net/http"
	"strconv"
)

// failures are the codes WhatsApp can answer with: HTTP status and title.
var failures = map[int]struct {
	status int
	title  string
}{
	1: {400, "API Unknown"}, 2: {503, "API Service"}, 4: {400, "API Too Many Calls"}, 10: {403, "Permission Denied"},
	33: {400, "Parameter value is not valid"}, 100: {400, "Invalid parameter"}, 190: {401, "Access token has expired"},
	80007: {400, "Rate limit issues"}, 130429: {400, "Rate limit hit"}, 131000: {500, "Something went wrong"},
	131008: {400, "Required parameter is missing"}, 131009: {400, "Parameter value is not valid"},
	131016: {500, "Service unavailable"}, 131026: {400, "Message undeliverable"},
	131042: {400, "Business eligibility payment issue"},
	131047: {400, "Re-engagement message"}, 131049: {400, "Meta chose not to deliver"},
	131051: {400, "Unsupported message type"},
	131053: {400, "Media upload error"}, 131056: {400, "Pair rate limit hit"},
	132000: {400, "Number of parameters does not match"},
	132001: {404, "Template does not exist"}, 132012: {400, "Template parameter format mismatch"},
	132015: {400, "Template is paused"},
}

// TitleOf says in words what a code means.
func TitleOf(code int) string {
	if f, ok := failures[code]; ok {
		return f.title
	}
	return "Error " + strconv.Itoa(code)
}

// StatusOf is the HTTP status that goes with a code.
func StatusOf(code int) int {
	if f, ok := failures[code]; ok {
		return f.status
	}
	return http.StatusBadRequest
}
