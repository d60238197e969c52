package hooks

import "testing"

func TestPassiveType_NothingABrowserRuns(t *testing.T) {
	for declared, want := range map[string]string{
		"image/png":              "image/png",
		"text/html":              "application/octet-stream",
		"image/svg+xml":          "application/octet-stream",
		"text/xml":               "application/octet-stream",
		"application/xhtml+xml":  "application/octet-stream",
		"text/javascript":        "application/octet-stream",
		"":                       "application/octet-stream",
		"audio/ogg; codecs=opus": "audio/ogg",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	} {
		if got := choosePassiveType(declared); got != want {
			t.Errorf("%q: got %q, want %q", declared, got, want)
		}
	}
}
